"""A stranger's templates make a text, or an error with its place: no code, no hang."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from memobook.design.templating import load_templates
from memobook.design.theme import Theme
from memobook.diagnostics import Diagnostic, Reporter
from memobook.project.files import Files
from tests.harness import built, make

VALUES = {
    "book": {"title": "A Book", "authors": ["A", "B"]},
    "words": {"figure": "Figure"},
    "body": Markup("<p>Text</p>"),
    "title": "A Memo",
}


def rendered(
    root: Path, template: str, more: Mapping[str, str] | None = None
) -> tuple[str, tuple[Diagnostic, ...]]:
    files = {"styles/memo.html.j2": template, **(more or {})}
    make(root, {"manuscript/a.md": "# A\n\nText.\n", **files})
    reporter = Reporter()
    found = load_templates(Files(root.resolve()), ("styles",))
    return found.render("memo.html.j2", VALUES, reporter), reporter.diagnostics


# Which run a program, if a template may reach what Python has?
CODE = [
    "{{ cycler.__init__.__globals__.os.popen('touch CANARY').read() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''|attr('__class__')|attr('__base__') }}",
    "{{ ''['__class__']['__mro__'] }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ self.__init__.__globals__.__builtins__.open('CANARY', 'w') }}",
    "{{ joiner.__init__.__globals__.os.system('touch CANARY') }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ dict.__base__.__subclasses__()[100] }}",
    "{{ range.__class__.__base__ }}",
    "{{ book.__class__.__init__.__globals__ }}",
    "{{ body.__html__.__func__.__globals__ }}",
    "{{ body.__class__.escape.__func__.__globals__ }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(book) }}",
    "{{ '{x.__class__}'.format_map({'x': book}) }}",
    "{{ ''|attr('format')|attr('__globals__') }}",
    "{{ (''|attr('for' ~ 'mat'))('{0.__class__}', book) }}",
    "{% set x = 'a'|attr('__' ~ 'class__') %}{{ x }}",
    "{{ book.items.__self__.__class__ }}",
    "{{ book.update({'title': 'x'}) }}",
    "{{ book.authors.append('x') }}",
    "{{ book.clear() }}",
    "{% for k in (1).__class__.__mro__ %}{{ k }}{% endfor %}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}x{% endcall %}",
    "{{ loop.__init__ }}",
    "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{{ (x for x in [1]).gi_frame }}",
    "{% include '../../../../../../../../etc/passwd' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system('touch CANARY') }}",
    "{% extends '../manuscript/book.toml' %}",
    "{{ ''.encode('idna').decode.__globals__ }}",
    "{{ lipsum.__globals__.os.popen('touch CANARY').read() }}",
]

# Which would take for ever, or all memory?
BOMBS = [
    "{{ 9**(9**9) }}",
    "{{ 2**99999999 }}",
    "{% set x = 99999 %}{{ x**x**x }}",
    "{{ 'a' * 10**9 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ [1] * 1000000000 }}",
    "{{ ([[1] * 2000] * 2000)|string }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% include 'memo.html.j2' %}",
    "{% extends 'memo.html.j2' %}",
    "{% block a %}{{ self.a() }}{% endblock %}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = [n.x, n.x]|join %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = n.x.replace('a', 'aa') %}{% endfor %}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = n.x|replace('a', n.x) %}{% endfor %}",
    "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|string }}",
    "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ n.x == n.x }}",
    "{% set n = namespace(x={}) %}{% for i in range(60) %}{% set n.x = dict(a=n.x, b=n.x) %}{% endfor %}{{ n.x|tojson }}",
    "{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "{% macro f(n) %}{% set n.x = varargs %}{% endmacro %}{% set n = namespace(x=1) %}{% for i in range(60) %}{{ f(n, n.x, n.x) }}{% endfor %}{{ n.x|string }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ '%01000000000d'|format(1) }}",
    "{{ '%01000000000d' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '{:01000000000d}'.format(1) }}",
    "{{ 'a'|indent(1000000000, true) }}",
    "{{ 1|round(1000000000, 'ceil') }}",
    "{{ range(9)|slice(1000000000)|list }}",
    "{{ [1]|batch(1000000000, 'x')|list }}",
    "{{ {'a': 1}|tojson(indent=1000000000) }}",
    "{{ lipsum(1000000) }}",
    "{{ range(1000000000)|list }}",
    "{{ range(99999)|join('a' * 99999) }}",
    "{{ range(99999)|map('string')|join('a' * 99999) }}",
    "{{ ('a' * 99999).join(range(99999)|map('string')) }}",
    "{% for i in range(99999) %}{{ 'a' * 99999 }}{% endfor %}",
    "{% for i in range(99999) %}" + "a" * 9999 + "{% endfor %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "-" * 5000 + "1 }}",
    "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "{{ 'a b ' * 99999|wordwrap(1, true, 'a' * 99999) }}",
]  # fmt: skip


@pytest.mark.parametrize("template", CODE)
def test_no_template_reaches_a_program(tmp_path: Path, template: str) -> None:
    canary = tmp_path / "canary"
    said, found = rendered(tmp_path / "book", template.replace("CANARY", str(canary)))
    assert not canary.exists()
    assert ("", ["template-error"]) == (said, [d.code.value for d in found])
    assert "styles/memo.html.j2" == found[0].span.path


def test_without_the_sandbox_a_template_does_run_a_program(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    template = CODE[0].replace(
        "popen('touch CANARY').read()", f"mkdir({str(canary)!r})"
    )
    jinja2.Environment(autoescape=True).from_string(template).render()
    assert canary.exists()


@pytest.mark.parametrize("template", BOMBS, ids=[t[:60] for t in BOMBS])
def test_each_template_comes_to_an_end(tmp_path: Path, template: str) -> None:
    said, found = rendered(tmp_path, template)
    assert ("", ["template-error"]) == (said, [d.code.value for d in found])
    assert "styles/memo.html.j2" == found[0].span.path
    assert found[0].hint


def test_an_error_has_the_line_of_its_loop(tmp_path: Path) -> None:
    loops = "\n\n{% for a in range(99999) %}\n{% for b in range(99999) %}\n"
    _, found = rendered(tmp_path, f"{loops}{{{{ a }}}}{'{% endfor %}' * 2}")
    assert 4 == found[0].span.line
    assert "the template comes to no end" == found[0].message
    assert "look for a loop in a loop" == found[0].hint.lower()


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ title.upper() ~ '!' }}", "A MEMO!"),
        ("{{ body ~ '<' }}", "<p>Text</p>&lt;"),
        ("{{ book.authors|join(' and ') }}", "A and B"),
        ("{% for a in book.authors %}{{ loop.index }}{{ a }}{% endfor %}", "1A2B"),
        ("{{ '%s %03d'|format('p', 7) }}{{ 7 % 4 }}{{ 2 ** 5 }}{{ 3 * '-' }}", "p 007332---"),
        ("{{ book.get('x', 'none') }}{{ book['title'] }}", "noneA Book"),
        ("{% set n = namespace(i=0) %}{% for a in 'abc' %}{% set n.i = n.i + 1 %}{% endfor %}{{ n.i }}", "3"),
        ("{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}", "12x"),
        ("{% for a, b in book.items() %}{{ a }} {% endfor %}", "title authors "),
        ("{{ title.split()[1] }}{{ title|replace('A', 'B') }}{{ title[0] }}", "MemoB MemoA"),
        ("{% if 'a' in ['a', title] %}yes{% endif %}{{ {'a': title}['a'] }}", "yesA Memo"),
        ("{% set c = cycler('odd', 'even') %}{{ c.next() }}{{ c.next() }}", "oddeven"),
    ],
)  # fmt: skip
def test_what_a_template_needs_it_can_do(
    tmp_path: Path, template: str, said: str
) -> None:
    assert (said, ()) == rendered(tmp_path, template)


def test_templates_get_plain_values_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: set[str] = set()

    def look(value: object) -> None:
        found.add(type(value).__name__)
        if isinstance(value, Mapping):
            for one in value.values():
                look(one)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for one in value:
                look(one)

    def render(self: Theme, template: str, reporter: Reporter, **values: object) -> str:
        look(values)
        return was(self, template, reporter, **values)

    was = Theme.render
    monkeypatch.setattr(Theme, "render", render)
    built(make(tmp_path, {"manuscript/a.md": "# A\n\nText[^1].\n\n[^1]: Note\n"}))
    plain = {"Listing", "Markup", "NoneType", "bool", "dict", "int", "list", "str"}
    assert {"Listing", "Markup", "dict"} < found <= plain
