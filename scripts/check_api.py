"""What would break for those who use the REST door: docs/openapi.yaml against the released one.

A release copies docs/openapi.yaml over docs/openapi-released.yaml. Until then nothing may go that
the released description promises: an operation, a field of an answer, a value that was taken; and
nothing may be asked for that was not. What comes in addition breaks nobody.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parent.parent / "docs"
RELEASED, NOW = DOCS / "openapi-released.yaml", DOCS / "openapi.yaml"
Schema = Mapping[str, Any]
TAKEN, ANSWERED = "taken", "answered"
LEAST = ("minimum", "minLength", "minItems")
MOST = ("maximum", "maxLength", "maxItems")


@dataclass
class Comparison:
    """Two descriptions, and the pairs of schemas that were compared before."""

    released: Schema
    now: Schema
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def breaks(self) -> Iterator[str]:
        """What breaks, one line each."""
        for path, operations in self.released["paths"].items():
            for method, before in operations.items():
                at = f"{method.upper()} {path}"
                after = self.now["paths"].get(path, {}).get(method)
                if after is None:
                    yield f"{at}: is gone"
                else:
                    yield from self._operation(at, before, after)

    def _operation(self, at: str, before: Schema, after: Schema) -> Iterator[str]:
        if before["x-scope"] != after["x-scope"]:
            yield f"{at}: asks for the scope “{after['x-scope']}”, not “{before['x-scope']}”"
        yield from self._parameters(at, _by_name(before), _by_name(after))
        yield from self._body(at, before.get("requestBody"), after.get("requestBody"))
        for status, response in before["responses"].items():
            if status not in after["responses"]:
                if status.startswith("2"):
                    yield f"{at}: does not answer {status} any more"
                continue
            old, new = response, after["responses"][status]
            for name in old.get("headers", {}).keys() - new.get("headers", {}).keys():
                yield f"{at}: {status} has no header {name} any more"
            yield from self._contents(f"{at}: {status}", old, new, ANSWERED)

    def _parameters(
        self, at: str, before: Mapping[str, Schema], after: Mapping[str, Schema]
    ) -> Iterator[str]:
        for name, one in before.items():
            if name not in after:
                yield f"{at}: takes no {name} any more"
                continue
            yield from self._schema(f"{at}: {name}", one["schema"], after[name]["schema"], TAKEN)
        for name, one in after.items():
            was_needed = before.get(name, {}).get("required", False)
            if one.get("required", False) and not was_needed:
                yield f"{at}: needs {name} now"

    def _body(self, at: str, before: Schema | None, after: Schema | None) -> Iterator[str]:
        if before and after:
            yield from self._contents(f"{at}: body", before, after, TAKEN)
        elif before:
            yield f"{at}: takes no body any more"
        elif after:
            yield f"{at}: needs a body now"

    def _contents(self, at: str, before: Schema, after: Schema, way: str) -> Iterator[str]:
        for media, content in before.get("content", {}).items():
            if media not in after.get("content", {}):
                yield f"{at}: is no {media} any more"
                continue
            now = after["content"][media]
            yield from self._schema(at, content["schema"], now["schema"], way)

    def _schema(self, at: str, before: Schema, after: Schema, way: str) -> Iterator[str]:
        names = before.get("$ref", ""), after.get("$ref", "")
        if any(names):
            if (*names, way) in self.seen:
                return
            self.seen.add((*names, way))
        old, new = self._resolved(self.released, before), self._resolved(self.now, after)
        if old.get("type") != new.get("type"):
            yield f"{at}: is {new.get('type')}, not {old.get('type')}"
            return
        yield from _values(at, old, new, way)
        yield from self._properties(at, old, new, way)
        if "items" in old and "items" in new:
            yield from self._schema(f"{at}[]", old["items"], new["items"], way)
        for kind in ("anyOf", "allOf"):
            for place, one in enumerate(old.get(kind, ())):
                others = new.get(kind, ())
                if place >= len(others):
                    yield f"{at}: one of its forms is gone"
                else:
                    yield from self._schema(at, one, others[place], way)

    def _properties(self, at: str, before: Schema, after: Schema, way: str) -> Iterator[str]:
        old, new = before.get("properties", {}), after.get("properties", {})
        for name, one in old.items():
            if name not in new:
                yield f"{at}.{name}: is gone"
            else:
                yield from self._schema(f"{at}.{name}", one, new[name], way)
        needed = set(before.get("required", ())), set(after.get("required", ()))
        if way == TAKEN:
            yield from (f"{at}.{name}: is needed now" for name in sorted(needed[1] - needed[0]))
        else:
            yield from (
                f"{at}.{name}: is not always there any more"
                for name in sorted((needed[0] - needed[1]) & new.keys())
            )

    def _resolved(self, description: Schema, schema: Schema) -> Schema:
        name = schema.get("$ref", "").rpartition("/")[2]
        return description["components"]["schemas"].get(name, {}) if name else schema


def _by_name(operation: Schema) -> dict[str, Schema]:
    return {one["name"]: one for one in operation.get("parameters", ())}


def _values(at: str, old: Schema, new: Schema, way: str) -> Iterator[str]:
    """Narrower for what is taken; null where there was none, or without its list, for an answer."""
    if way == ANSWERED:
        if new.get("nullable") and not old.get("nullable"):
            yield f"{at}: can be null now"
        if "enum" in old and "enum" not in new:
            yield f"{at}: has values of no list any more"
        if old.get("pattern") != new.get("pattern") or old.get("format") != new.get("format"):
            yield f"{at}: has another form"
        return
    if old.get("nullable") and not new.get("nullable"):
        yield f"{at}: cannot be null any more"
    if "enum" in new and (gone := _gone(old.get("enum"), new["enum"])):
        yield f"{at}: does not take {gone} any more"
    for name in ("pattern", "format"):
        if name in new and old.get(name) != new[name]:
            yield f"{at}: has another form"
    yield from (f"{at}: {name} is stricter" for name in LEAST if _above(new, old, name))
    yield from (f"{at}: {name} is stricter" for name in MOST if _above(old, new, name))
    if old.get("additionalProperties", True) and not new.get("additionalProperties", True):
        yield f"{at}: takes no other fields any more"


def _gone(before: list[Any] | None, after: list[Any]) -> str:
    """The values that are not taken any more, in words."""
    if before is None:
        return "any value"
    return ", ".join(str(one) for one in before if one not in after)


def _above(one: Schema, other: Schema, name: str) -> bool:
    """Whether a bound of `one` is above that of `other`; a bound that one lacks is no bound."""
    if name in LEAST:
        return name in one and one[name] > other.get(name, float("-inf"))
    return name in other and one.get(name, float("inf")) > other[name]


def broken_since_release() -> list[str]:
    """What the description in the repository breaks of the released one."""
    released, now = (
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in (RELEASED, NOW)
    )
    return list(Comparison(released, now).breaks())


def main() -> int:
    """Print what breaks; 1 where something does."""
    broken = broken_since_release()
    for line in broken:
        print(line)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
