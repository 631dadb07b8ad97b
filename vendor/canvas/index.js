// chartjs-node-canvas asks for `canvas`, which compiles itself or fetches a binary from outside of the registry when it is
// installed. This goes into the package in its place (bundleDependencies) and hands on @napi-rs/canvas, whose parts for each
// platform npm picks from the registry. `overrides` would do the same in a clone, and do not reach who installs the package.

module.exports = require('@napi-rs/canvas');
