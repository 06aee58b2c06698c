"""Long lists of names, as the generators of tables write them into TypeScript."""


def wrap(words, width=108, indent=4):
    """Words with blanks between, as the inside of one string literal that is broken into lines of about `width`."""
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    lines.append(line)
    return ("' +\n" + " " * indent + "'").join(l + (" " if i + 1 < len(lines) else "") for i, l in enumerate(lines))
