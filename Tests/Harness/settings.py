"""Python values as libconfig text, for the daemon's configuration. Does no I/O."""


def text_of(groups):
    """{"server": {"port": 1}} as the groups of a configuration file."""
    return "".join(f"{name} = {_value(group)};\n" for name, group in groups.items())


def merged(base, changes):
    """The groups of both; a key in the changes wins, and None removes a key or a group."""
    result = {name: dict(group) for name, group in base.items()}
    for name, group in changes.items():
        if group is None:
            result.pop(name, None)
            continue
        for key, value in group.items():
            result.setdefault(name, {})[key] = value
            if value is None:
                del result[name][key]
    return result


def _value(value):
    """A list is an array of libconfig, a tuple its list."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case str():
            return _quoted(value)
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(_value, value)) + ")"
        case dict():
            return "{\n" + "".join(f"  {k} = {_value(v)};\n" for k, v in value.items()) + "}"
    raise TypeError(f"libconfig has no {type(value).__name__}")


def _quoted(text):
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'
