import { css } from "lit";

/** Ten colours with at least 4.5:1 on either scheme's surface and bubble. */
export const hueStyles = css`
  .hue-0 { --_hue: light-dark(#b3261e, #ff9d94); }
  .hue-1 { --_hue: light-dark(#9a4a00, #ffb077); }
  .hue-2 { --_hue: light-dark(#7a5900, #eec25a); }
  .hue-3 { --_hue: light-dark(#4b6700, #bcd46a); }
  .hue-4 { --_hue: light-dark(#0b6e32, #7fdb9b); }
  .hue-5 { --_hue: light-dark(#006a6a, #6fd7d6); }
  .hue-6 { --_hue: light-dark(#00639b, #86c8ff); }
  .hue-7 { --_hue: light-dark(#4355b9, #b4bfff); }
  .hue-8 { --_hue: light-dark(#7b3fb0, #dbb6ff); }
  .hue-9 { --_hue: light-dark(#a5316f, #ffa9d4); }
`;
