"""Your own cases, from files that you write: prompts, and the checks that a right reply passes.

Four lines are a whole file:

    cases:
      - id: sum
        prompt: What is 17 + 25?
        number: 42

A file is read (`reading`), its variables are filled in (`filling`), all that is wrong with it is
found (`validating`, against `schema`), and what is left becomes a benchmark (`loading`).
"""
