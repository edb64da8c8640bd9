// Runs a program for wasm32-wasip1 under Node, as Cargo's runner: `node wasi.mjs PROGRAM [ARGUMENT]…`.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [program, ...args], env: process.env, returnOnExit: true });
const module = await WebAssembly.compile(await readFile(program));

// Functions of threads that the C library lacks and no test calls.
const missing = (name) => () => {
    throw new Error(`${name} is not there`);
};
const isMissing = (wanted) => wanted.module === "env" && wanted.kind === "function";
const env = Object.fromEntries(
    WebAssembly.Module.imports(module).filter(isMissing).map(({ name }) => [name, missing(name)]),
);
process.exitCode = wasi.start(await WebAssembly.instantiate(module, { ...wasi.getImportObject(), env }));
