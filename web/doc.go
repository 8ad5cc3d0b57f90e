// Package web holds the browser's side of Floorlight and serves it.
//
// The pages themselves are Svelte and TypeScript in src; `npm run build` puts
// the bundle into build, which this package embeds. A checkout that was never
// built still compiles, because build/.gitkeep is always there; its pages then
// answer with the command that builds them.
//
// # Concurrency and lifecycle
//
// The bundle is read and compressed once, when Handler is called; after that
// the handler only reads, and may serve any number of requests at once. It
// holds nothing that has to be closed.
//
// # Imports
//
// The standard library alone.
//
// # Decisions
//
// Files are compressed here, once, and not by a middleware at each request:
// the bundle never changes while the binary runs. What has a content hash in
// its name is cached for a year, the page that names these files never. The
// Content-Security-Policy stands here, next to what it protects; it allows no
// inline script and no inline style.
package web
