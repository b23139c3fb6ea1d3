/** Another engine took this seat over: nothing was written, and nothing may be from here on (house.md, law 3). */
export class Superseded extends Error {
  override readonly name = "Superseded";

  constructor() {
    super("Another engine has taken over this seat.");
  }
}
