/** What the manifest of the elements is made of; scripts/build.ts says where it goes. */
export default {
  globs: ["components/**/*.ts"],
  exclude: ["components/hosted-page/**"],
  litelement: true,
  quiet: true,
  // package.json names the manifest of dist, and a build changes no source.
  packagejson: false,
};
