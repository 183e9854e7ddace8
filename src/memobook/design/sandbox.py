"""Run a project's templates so that all they can do is to make a text, and to end.

What goes in: templates. What comes out: an environment for them in which no program can
be reached, which Jinja's sandbox sees to, and none takes all time or all memory: every
round of a loop, every call and every text that is made is counted, see budget.py. What
is counted in this process has a place in a template; of a process that is ended from
outside nobody knows where it was.

Built-in templates are not counted: what they do is known.
https://jinja.palletsprojects.com/en/stable/sandbox/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from jinja2 import Template, TemplateRuntimeError, Undefined, nodes
from jinja2.runtime import markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from memobook.design.budget import BOUNDS, Budget

__all__ = ["Sandbox"]

# Which methods of plain values may be called? None that makes a text of any length.
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        """capitalize casefold count endswith find index isalnum isalpha isdecimal
        isdigit islower isnumeric isspace istitle isupper join lower lstrip partition
        removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip split
        splitlines startswith strip striptags swapcase title unescape upper""".split()
    ),
    Mapping: frozenset("get items keys values".split()),
    list: frozenset("count index".split()),
    tuple: frozenset("count index".split()),
    int: frozenset(),
    float: frozenset(),
}
_PLAIN = (str, int, float, type(None), Undefined)
"""What may be written."""

_CHANGING = ("lipsum", "random")
"""What says another thing each time has no place in a book."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that counts what the templates of a project do."""

    def __init__(self, *, counts: Callable[[str], bool], **settings: Any) -> None:  # noqa: ANN401 (Jinja's)
        super().__init__(**settings)
        self.counts = counts
        """Whether the template of a file is counted."""
        self.budget = Budget()
        """Of the template that is rendered."""
        self.has_used_own = False
        """Whether that is one of the project's, or has used one."""
        for name in _CHANGING:
            self.globals.pop(name, None)
            self.filters.pop(name, None)
        self.filters = {n: self._counted(n, f) for n, f in self.filters.items()}

    def begin(self) -> None:
        """Forget what was counted of the template before."""
        self.budget, self.has_used_own = Budget(), False

    def get_template(self, *args: Any, **kwargs: Any) -> Template:  # noqa: ANN401 (Jinja's)
        """Return a template by its name, and remember whose it is."""
        return self._remembered(super().get_template(*args, **kwargs))

    def select_template(self, *args: Any, **kwargs: Any) -> Template:  # noqa: ANN401 (Jinja's)
        """Return the first template of some names that there is; remember whose."""
        return self._remembered(super().select_template(*args, **kwargs))

    def _remembered(self, found: Template) -> Template:
        self.has_used_own |= self.counts(found.filename or "")
        return found

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 (Jinja's)
        """Tell whether a template may use an attribute."""
        for kind, names in _METHODS.items():
            if isinstance(obj, kind):
                return attr in names
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 (Jinja's)
        """Let no text be a pattern of Python's: what it makes is not counted."""

    def call(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (Jinja's)
        """Call what a template calls; the first argument is Jinja's context."""
        _, called, *given = args
        owner = getattr(called, "__self__", None)
        if owner is self:  # what _Counting has put there
            return called(*given)
        self.budget.look(given)
        self.budget.look(kwargs)
        if isinstance(owner, str) and called.__name__ == "join":
            BOUNDS["join"](self.budget, *given, owner)
        elif isinstance(owner, str) and called.__name__ == "replace":
            BOUNDS["replace"](self.budget, owner, *given)
        made = super().call(*args, **kwargs)
        self.budget.pay(made)
        return made

    def _counted(self, name: str, made: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter that counts what it makes."""
        # Some get Jinja's context, or the environment, before the value.
        first = 1 if hasattr(made, "jinja_pass_arg") else 0
        bound = BOUNDS.get(name)

        @wraps(made)
        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (a filter's)
            if bound:
                bound(self.budget, *args[first:], *kwargs.values())
            result = made(*args, **kwargs)
            self.budget.pay(result)
            return result

        return counted

    def _generate(  # Jinja's hook
        self,
        source: nodes.Template,
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> str:
        filename = args[1]
        if filename and self.counts(filename):
            source = _Counting(self).visit(source)
        return str(super()._generate(source, *args, **kwargs))

    # What _Counting puts into a template

    def tick(self, characters: int) -> None:
        """Count a round of a loop or a macro's call, with the text that it writes."""
        self.budget.spend(1, characters)

    def shown(self, value: Any) -> Any:  # noqa: ANN401 (a template's, as below)
        """Return a value that is written."""
        if not isinstance(value, _PLAIN):
            message = "a list is no text. Go through it with for, or use join"
            raise TemplateRuntimeError(message)
        self.budget.pay(value)
        return value

    def made(self, value: Any) -> Any:  # noqa: ANN401
        """Return a value that a template has made."""
        self.budget.pay(value)
        return value

    def joined(self, *parts: Any) -> Any:  # noqa: ANN401
        """Return what ~ makes of its sides."""
        self.budget.allow(sum(self.budget.look(part) for part in parts))
        return self.shown(markup_join([self.shown(part) for part in parts]))

    def added(self, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Return what + makes of its sides."""
        return self.made(left + right)

    def multiplied(self, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Return what * makes of its sides."""
        for many, times in ((left, right), (right, left)):
            if isinstance(times, int) and hasattr(many, "__len__"):
                self.budget.allow(len(many) * times)
        return self.made(left * right)

    def raised(self, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Return what ** makes of its sides."""
        if isinstance(left, int) and isinstance(right, int):
            self.budget.allow_number(left.bit_length() * right)
        return self.made(left**right)

    def rest(self, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Return what % makes of its sides: a rest, or a text made by a pattern."""
        if isinstance(left, str):
            BOUNDS["format"](self.budget, left, right)
        return self.made(left % right)


class _Counting(NodeTransformer):
    """Puts into a template what counts it. The methods have their names from Jinja."""

    def __init__(self, environment: Sandbox) -> None:
        self.environment = environment

    def visit_For(self, node: Any) -> nodes.Node:  # noqa: N802, ANN401 (of five kinds)
        """Let each round, or call, begin with a tick."""
        self.generic_visit(node)
        written = sum(len(n.data) for n in node.find_all(nodes.TemplateData))
        tick = self._call("tick", node.lineno, nodes.Const(written))
        said = nodes.ExprStmt(tick, lineno=node.lineno)
        node.body.insert(0, said.set_environment(self.environment))
        return cast("nodes.Node", node)

    visit_Macro = visit_CallBlock = visit_Block = visit_Template = visit_For  # noqa: N815

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """Let all that is written be looked at."""
        self.generic_visit(node)
        node.nodes = [
            n if isinstance(n, nodes.TemplateData) else self._call("shown", n.lineno, n)
            for n in node.nodes
        ]
        return node

    def visit_List(self, node: Any) -> nodes.Node:  # noqa: N802, ANN401 (of three kinds)
        """Let what a list holds be looked at, but not what is assigned to."""
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return cast("nodes.Node", node)
        constant = all(isinstance(n, nodes.Const) for n in node.iter_child_nodes())
        return node if constant else self._call("made", node.lineno, node)

    visit_Tuple = visit_Dict = visit_List  # noqa: N815

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Let what ~ makes be counted."""
        self.generic_visit(node)
        return self._call("joined", node.lineno, *node.nodes)

    def visit_Add(self, node: nodes.Add) -> nodes.Node:  # noqa: N802
        """Let what + makes be counted."""
        return self._operation("added", node)

    def visit_Mul(self, node: nodes.Mul) -> nodes.Node:  # noqa: N802
        """Let what * makes be counted."""
        return self._operation("multiplied", node)

    def visit_Pow(self, node: nodes.Pow) -> nodes.Node:  # noqa: N802
        """Let what ** makes be counted."""
        return self._operation("raised", node)

    def visit_Mod(self, node: nodes.Mod) -> nodes.Node:  # noqa: N802
        """Let what % makes be counted."""
        return self._operation("rest", node)

    def _operation(self, name: str, node: nodes.BinExpr) -> nodes.Node:
        self.generic_visit(node)
        return self._call(name, node.lineno, node.left, node.right)

    def _call(self, name: str, line: int, *given: nodes.Expr) -> nodes.Call:
        called = nodes.EnvironmentAttribute(name, lineno=line)
        made = nodes.Call(called, list(given), [], None, None, lineno=line)
        made.set_environment(self.environment)
        return made
