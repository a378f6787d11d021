/** The version of this package, the same as in `package.json`. */
export const version = "1.1.0-dev.0";
