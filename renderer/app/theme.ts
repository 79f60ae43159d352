// Look of the window: one accent, 14 px, 36 px controls, quiet edges, figures that line up.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Ink blue: far enough from the green, amber and red that carry meaning. */
const accent: MantineColorsTuple = [
  '#eef3fd',
  '#dbe5f9',
  '#b4c9f2',
  '#8aabec',
  '#6792e6',
  '#4f80e2',
  '#3d72dc',
  '#2c5fc4',
  '#2453ae',
  '#174696',
];

/** Mantine's theme for Postern. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  colors: { accent },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '20px' }, h3: { fontSize: '18px' }, h4: { fontSize: '15px' } },
  },
  components: {
    Button: { styles: { root: { flexShrink: 0 }, label: { fontWeight: 500 } } },
    InputWrapper: { styles: { label: { fontWeight: 500, marginBottom: 4 } } },
    Checkbox: { vars: () => ({ root: { '--checkbox-size': '18px' } }) },
    Radio: { vars: () => ({ root: { '--radio-size': '18px' } }) },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Modal: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, transitionProps: { duration: 120 }, centered: true },
      styles: { title: { fontSize: 16, fontWeight: 600 } },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 140 } } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
    Collapse: { defaultProps: { transitionDuration: 120 } },
  },
});

/** Tones for words on the page's own ground: each AA in its scheme. */
export const toneVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-error': '#c4261f',
    '--mantine-color-placeholder': '#6b7279',
    '--tone-green': '#1d7a35',
    '--tone-accent': '#2c5fc4',
    '--tone-yellow': '#915a00',
    '--tone-red': '#c4261f',
    '--tone-gray': '#5c636a',
    '--ground-side': '#f6f7f9',
    '--mantine-color-red-filled': '#c4261f',
    '--mantine-color-red-filled-hover': '#ab1f19',
    '--mantine-color-red-light': '#fdf0ef',
    '--mantine-color-red-light-color': '#b3211b',
    '--mantine-color-yellow-light': '#fdf6e3',
    '--mantine-color-yellow-light-color': '#815000',
    '--mantine-color-green-light': '#edf7ef',
    '--mantine-color-green-light-color': '#1a6e30',
    '--mantine-color-gray-light-color': '#3f454b',
  },
  dark: {
    '--mantine-color-dimmed': '#a5abb3',
    '--mantine-color-error': '#ff8f88',
    '--mantine-color-placeholder': '#8f969e',
    '--mantine-color-anchor': '#8fb4ff',
    '--tone-green': '#69c983',
    '--tone-accent': '#8fb4ff',
    '--tone-yellow': '#e9b64d',
    '--tone-red': '#ff8f88',
    '--tone-gray': '#a5abb3',
    '--ground-side': '#1c1d20',
    '--mantine-color-red-filled': '#c4261f',
    '--mantine-color-red-filled-hover': '#d63a33',
    '--mantine-color-red-light': '#3a2322',
    '--mantine-color-red-light-color': '#ff9a93',
    '--mantine-color-yellow-light': '#352c1a',
    '--mantine-color-yellow-light-color': '#f0c466',
    '--mantine-color-green-light': '#1f3225',
    '--mantine-color-green-light-color': '#7ed796',
    '--mantine-color-gray-light': '#2f3033',
    '--mantine-color-gray-light-color': '#c9cdd2',
    '--mantine-color-accent-light': '#25304a',
    '--mantine-color-accent-light-hover': '#2b3857',
    '--mantine-color-accent-light-color': '#b9d0ff',
  },
});
