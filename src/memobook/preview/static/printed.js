// The printed pages: one figure a page, drawn when it comes into sight and let go when
// it is far away. A new state changes what differs and nothing else.

const WIDTHS = [160, 480, 720, 960, 1280, 1920];

export class Printed {
  constructor(box, moved) {
    this.box = box;
    this.moved = moved;
    this.figures = [];
    this.pages = [];
    this.direction = "ltr";
    this.spreads = true;
    this.near = new Set();
    this.seer = new IntersectionObserver((seen) => this.#seen(seen), {
      root: box,
      rootMargin: "80% 0px",
    });
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(box);
    this.#zoom(1);
  }

  // A new state

  show(pages, direction) {
    const place = this.#place();
    const before = this.pages;
    this.pages = pages;
    const isNew = before.length !== pages.length || this.direction !== direction;
    this.direction = direction;
    while (this.figures.length < pages.length) this.figures.push(this.#figure());
    for (const figure of this.figures.splice(pages.length)) {
      this.seer.unobserve(figure);
      this.near.delete(figure);
    }
    pages.forEach((page, n) => this.#update(this.figures[n], page, n));
    if (isNew) this.#arrange();
    this.#keep(place, before);
    this.moved(this.current(), false);
  }

  #figure() {
    const figure = document.createElement("figure");
    figure.className = "sheet";
    const image = document.createElement("img");
    image.decoding = "sync";
    // A save came in between: the next state asks for the picture anew.
    image.addEventListener("error", () => (figure.drawn = ""));
    figure.append(image, document.createElement("figcaption"));
    this.seer.observe(figure);
    return figure;
  }

  #update(figure, page, n) {
    const image = figure.firstChild;
    image.width = Math.round(page.width);
    image.height = Math.round(page.height);
    const name = page.label ? `Page ${page.label}` : `Sheet ${n + 1}, without a number`;
    image.alt = page.changed ? `${name}, changed` : name;
    figure.lastChild.textContent = page.label || "·";
    figure.classList.toggle("changed", page.changed);
    figure.page = page;
    figure.number = n + 1;
    if (this.near.has(figure)) this.#draw(figure);
  }

  // Arrangement: the first page is a right-hand one, as in the bound book

  #arrange() {
    this.box.classList.toggle("spreads", this.spreads);
    this.box.classList.toggle("single", !this.spreads);
    this.box.dir = this.direction;
    const rows = [];
    if (this.spreads) {
      for (let n = -1; n < this.figures.length; n += 2) {
        rows.push([this.figures[n] ?? blank(), this.figures[n + 1] ?? blank()]);
      }
    } else {
      rows.push(...this.figures.map((figure) => [figure]));
    }
    this.box.replaceChildren(
      ...rows.map((row) => {
        const spread = document.createElement("div");
        spread.className = "spread";
        spread.append(...row);
        return spread;
      }),
    );
  }

  setSpreads(spreads) {
    const place = this.#place();
    this.spreads = spreads;
    this.#arrange();
    this.#keep(place, this.pages);
  }

  zoom(factor) {
    const place = this.#place();
    this.#zoom(Math.min(3, Math.max(0.3, this.scale * factor)));
    this.#keep(place, this.pages);
  }

  #zoom(scale) {
    this.scale = scale;
    this.box.style.setProperty("--zoom", scale);
  }

  // Drawing

  #seen(seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) {
        this.near.add(target);
        this.#draw(target);
      } else {
        this.near.delete(target);
        target.firstChild.removeAttribute("src");
        target.drawn = "";
      }
    }
  }

  #draw(figure) {
    const { page, number } = figure;
    if (!page) return;
    const wanted = figure.clientWidth * devicePixelRatio;
    const width = WIDTHS.find((each) => each >= wanted) ?? WIDTHS.at(-1);
    const address = `pages/${number}/${page.look}/${width}.png`;
    if (figure.drawn === address) return;
    figure.drawn = address;
    // The old picture stays in sight until the new one is there.
    figure.firstChild.src = address;
  }

  #resized() {
    this.#keep(this.last, this.pages);
    for (const figure of this.near) this.#draw(figure);
  }

  // Places: a page and how far it has been read

  #figureAt(top) {
    let best = this.figures[0];
    for (const figure of this.figures) {
      if (this.#top(figure) > top + 1) break;
      if (!best || figure.offsetTop > best.offsetTop || figure === best) best = figure;
    }
    return best;
  }

  // On a spread, the upper half of what was scrolled is its left page, the lower half
  // its right one: so the text of both passes by evenly.
  current() {
    const line = this.box.scrollTop + this.box.clientHeight * 0.25;
    const first = this.#figureAt(line);
    if (!first) return { page: 0, share: 0 };
    const row = this.#row(first);
    const down = (line - this.#top(first)) / (first.offsetHeight || 1);
    if (row.some((each) => each.number === this.aim)) return { page: this.aim, share: 0 };
    this.aim = 0;
    const passed = Math.max(0, Math.min(0.999, down)) * row.length;
    return { page: row[Math.floor(passed)].number, share: passed % 1 };
  }

  #row(figure) {
    return [...figure.parentElement.children].filter((each) => each.number);
  }

  #top(figure) {
    return figure.offsetTop - this.box.offsetTop;
  }

  #scroll(top) {
    this.quietUntil = performance.now() + 200;
    this.box.scrollTop = top;
    this.last = this.#place();
  }

  #place() {
    const figure = this.#figureAt(this.box.scrollTop);
    if (!figure) return null;
    const down = this.box.scrollTop - this.#top(figure);
    return { number: figure.number, share: down / (figure.offsetHeight || 1) };
  }

  #keep(place, before) {
    if (!place) return;
    const look = before[place.number - 1]?.look;
    const same = this.pages.findIndex((page) => page.look === look);
    const stays = this.pages[place.number - 1]?.look === look || same < 0;
    const number = stays ? Math.min(place.number, this.pages.length) : same + 1;
    const figure = this.figures[number - 1];
    if (!figure) return;
    this.#scroll(this.#top(figure) + place.share * figure.offsetHeight);
  }

  go(number) {
    const figure = this.figures[number - 1];
    if (!figure) return;
    this.aim = number;
    this.#scroll(this.#top(figure) - 16);
  }

  goTo(number, share) {
    const figure = this.figures[number - 1];
    if (!figure) return;
    const row = this.#row(figure);
    const passed = (row.indexOf(figure) + share) / row.length;
    this.aim = 0;
    this.#scroll(this.#top(figure) + passed * figure.offsetHeight - this.box.clientHeight * 0.25);
  }

  step(by) {
    const { page } = this.current();
    const from = this.figures[page - 1]?.offsetTop ?? 0;
    for (let n = page - 1; n >= 0 && n < this.figures.length; n += by) {
      const figure = this.figures[n];
      if (figure.offsetTop !== from) {
        this.go(this.#row(figure)[0].number);
        this.moved(this.current(), true);
        return;
      }
    }
  }

  changed() {
    return this.pages.flatMap((page, n) => (page.changed ? [n + 1] : []));
  }

  #scrolled() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      const byHand = performance.now() > (this.quietUntil ?? 0);
      if (byHand) this.last = this.#place();
      this.moved(this.current(), byHand);
    });
  }
}

function blank() {
  const figure = document.createElement("figure");
  figure.className = "sheet none";
  figure.setAttribute("aria-hidden", "true");
  return figure;
}
