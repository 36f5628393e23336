/**
 * Node's own HTTP, not imported but asked for: for an import Node reads every export of the module, and one of them
 * loads all of `fetch` and TLS. That takes 30 ms, and TLS reads certificates in the background, through a descriptor
 * that a process which is started just then inherits (the canary sees it: E401).
 */
export const http = process.getBuiltinModule('node:http');
