/**
 * Makes what is packed readable by everybody, whatever the umask of who built it, so that the
 * tarball of a commit has the same bytes everywhere.
 */
import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";

const folders = ["dist", "src"].flatMap((name) => [
  ...readdirSync(name, { recursive: true, withFileTypes: true }),
]);
const files = folders.filter((entry) => entry.isFile());
const paths = files.map((entry) => join(entry.parentPath, entry.name));

for (const path of [...paths, "LICENSE", "README.md", "package.json"]) {
  chmodSync(path, 0o644);
}
