"""The playground: models that learn a distribution in the plane while somebody watches and turns the knobs."""
