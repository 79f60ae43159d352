// Where the focus goes when something new takes the place of what had it.

/** A ref for the one element that answers to Enter next; give it only where Enter does no harm. */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}
