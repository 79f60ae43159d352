// Runs in the page: what is wider than the place it has.

/** The page itself, or a part that scrolls, where its content is wider than it is. */
export function overflowing(): string[] {
  const scrolls = (element: Element): boolean =>
    element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX);
  return [document.documentElement, ...document.body.querySelectorAll('*')]
    .filter((element) => scrolls(element) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`);
}
