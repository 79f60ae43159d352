// The modifier's name as it stands on the keyboard.

/** '⌘' on macOS, else 'Ctrl'. */
export const modKey = navigator.userAgent.includes('Macintosh') ? '⌘' : 'Ctrl';
