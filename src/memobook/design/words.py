"""The words that a book says by itself, in its own language."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["has_words", "words"]

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
    "access_order": "A screen reader can read all text in its order.",
    "access_display": "Size, font and colors of the text can be changed.",
    "access_contents": "A table of contents leads to every memo.",
    "access_headings": "Headings show how the text is divided.",
    "access_pictures": "Every picture has a description.",
    "access_bare_pictures": "Pictures without a description: {count}.",
    "access_formulas": "Formulas are MathML.",
    "access_pages": "The page numbers are those of the PDF.",
    "access_safe": "Nothing in it flashes, moves or makes a sound.",
    "access_moving": "Some pictures move and may flash.",
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
        "access_order": "Ein Screenreader kann den Text in seiner Reihenfolge lesen.",
        "access_display": "Größe, Schrift und Farben des Textes lassen sich ändern.",
        "access_contents": "Ein Inhaltsverzeichnis führt zu jedem Memo.",
        "access_headings": "Überschriften zeigen, wie der Text gegliedert ist.",
        "access_pictures": "Jedes Bild hat eine Beschreibung.",
        "access_bare_pictures": "Bilder ohne Beschreibung: {count}.",
        "access_formulas": "Formeln sind MathML.",
        "access_pages": "Die Seitenzahlen sind die der PDF-Ausgabe.",
        "access_safe": "Nichts darin blitzt, bewegt sich oder macht ein Geräusch.",
        "access_moving": "Einige Bilder bewegen sich und blitzen vielleicht.",
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
        "access_order": "Un lector de pantalla puede leer todo el texto en su orden.",
        "access_display": "Se pueden cambiar tamaño, letra y colores del texto.",
        "access_contents": "Un índice lleva a cada memo.",
        "access_headings": "Los encabezados muestran cómo se divide el texto.",
        "access_pictures": "Todas las imágenes tienen una descripción.",
        "access_bare_pictures": "Imágenes sin descripción: {count}.",
        "access_formulas": "Las fórmulas son MathML.",
        "access_pages": "Los números de página son los del PDF.",
        "access_safe": "Nada en él destella, se mueve ni suena.",
        "access_moving": "Algunas imágenes se mueven y quizá destellan.",
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
        "access_order": "Un lecteur d’écran peut lire tout le texte dans son ordre.",
        "access_display": "On peut changer taille, police et couleurs du texte.",
        "access_contents": "Un sommaire mène à chaque note.",
        "access_headings": "Des titres montrent les divisions du texte.",
        "access_pictures": "Chaque image a une description.",
        "access_bare_pictures": "Images sans description : {count}.",
        "access_formulas": "Les formules sont en MathML.",
        "access_pages": "Les numéros de page sont ceux du PDF.",
        "access_safe": "Rien n’y clignote, ne bouge ni ne fait de bruit.",
        "access_moving": "Des images bougent et clignotent peut-être.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """Return the built-in words of a language; English where there are none."""
    return _LANGUAGES.get(language.split("-")[0], _ENGLISH)


def has_words(language: str) -> bool:
    """Tell whether the built-in words are in a language."""
    return language.split("-")[0] in _LANGUAGES
