/** The version of the elements in this file; two of them on a page are told apart by it. */
export const version = "0.1.0";
