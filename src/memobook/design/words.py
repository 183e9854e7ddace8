"""The words that a book says by itself, in its own language."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["words"]

_ENGLISH = {
    "contents": "Contents",
    "cover": "Cover",
    "title_page": "Title page",
    "imprint": "About this book",
    "notes": "Notes",
    "note": "Note",
    "back": "Back to the text, call {number}",
    "figure": "Figure",
    "table": "Table",
    "page": "page",
    "key_points": "Key points",
    "memo": "Memo",
    "start": "Start of the text",
    "landmarks": "Landmarks",
    "pages": "Pages",
}
_LANGUAGES: dict[str, dict[str, str]] = {
    "en": _ENGLISH,
    "de": {
        "contents": "Inhalt",
        "cover": "Umschlag",
        "title_page": "Titelseite",
        "imprint": "Impressum",
        "notes": "Anmerkungen",
        "note": "Anmerkung",
        "back": "Zurück zum Text, Verweis {number}",
        "figure": "Abbildung",
        "table": "Tabelle",
        "page": "Seite",
        "key_points": "Kernpunkte",
        "memo": "Memo",
        "start": "Beginn des Textes",
        "landmarks": "Orientierungspunkte",
        "pages": "Seiten",
    },
    "es": {
        "contents": "Índice",
        "cover": "Cubierta",
        "title_page": "Portada",
        "imprint": "Página de créditos",
        "notes": "Notas",
        "note": "Nota",
        "back": "Volver al texto, llamada {number}",
        "figure": "Figura",
        "table": "Cuadro",
        "page": "página",
        "key_points": "Puntos clave",
        "memo": "Memo",
        "start": "Comienzo del texto",
        "landmarks": "Puntos de referencia",
        "pages": "Páginas",
    },
    "fr": {
        "contents": "Sommaire",
        "cover": "Couverture",
        "title_page": "Page de titre",
        "imprint": "Mentions légales",
        "notes": "Notes",
        "note": "Note",
        "back": "Retour au texte, appel {number}",
        "figure": "Figure",
        "table": "Tableau",
        "page": "page",
        "key_points": "Points clés",
        "memo": "Note",
        "start": "Début du texte",
        "landmarks": "Points de repère",
        "pages": "Pages",
    },
}


def words(language: str) -> Mapping[str, str]:
    """Return the built-in words of a language; English where there are none."""
    return _LANGUAGES.get(language.split("-")[0], _ENGLISH)
