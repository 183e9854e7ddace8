// What is wrong, with the place that an editor opens.

export function showFindings(list, findings) {
  list.replaceChildren(...findings.map(item));
}

function item({ severity, message, hint, code, place, url }) {
  const line = document.createElement("li");
  line.className = severity;
  const what = document.createElement("div");
  what.append(text("p", "message", message));
  if (hint) what.append(text("p", "hint", `Hint: ${hint}`));
  const where = text("p", "where", "");
  if (place && url) {
    const link = text("a", "", place);
    link.href = url;
    where.append(link);
  } else {
    where.append(place);
  }
  if (code) where.append(place ? `, ${code}` : code);
  what.append(where);
  line.append(text("span", "severity", severity[0].toUpperCase() + severity.slice(1)), what);
  return line;
}

export function text(name, kind, words) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = words;
  return element;
}
