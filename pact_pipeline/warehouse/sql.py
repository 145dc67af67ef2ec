"""Names and texts as SQL writes them, for statements that take no parameters."""


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it. The server's standard_conforming_strings is on."""
    return "'" + text.replace("'", "''") + "'"
