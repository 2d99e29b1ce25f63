"""The instructions of IFEval: 25 kinds that a rule can check, read strictly and loosely."""
