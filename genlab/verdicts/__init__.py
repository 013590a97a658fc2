"""What numbers of several runs say of claims: statistics, facts, findings, verdicts and their words."""
