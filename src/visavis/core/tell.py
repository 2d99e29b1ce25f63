"""Sentences for a reader, written by rooms that may not know the reader's language.

A run keeps them as plain English, so that anybody can read it without us. Each is made from a
template that stands in the source as it is here: `report` knows them all, finds again which one a
text was made from, and says it in the reader's language (`report.retold`). A new sentence is a
`tell` where it is written and a line in the catalogue; a test fails while the latter is missing.
"""


def tell(template: str, /, **fields: object) -> str:
    """The template with its fields filled in.

    - `{count:,}`, `{value:.3g}`: a field with a format is a number, and is written as the reader
      writes numbers.
    - `{told}`, `{told_bounds}`: a field whose name begins so is itself told, or several that are
      joined by "; " or ", ". `{maybe}` is perhaps told, and perhaps somebody else's.
    - Any other is passed on as it is: a name, code, what a model said.
    """
    return template.format(**fields) if fields else template
