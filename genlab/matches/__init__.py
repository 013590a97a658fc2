"""Fair matches between families: what is asked for, the plan, the record of their runs, and what is measured."""
