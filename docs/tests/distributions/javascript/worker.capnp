using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .story),
    # What a worker fetches goes out here: to this machine and nowhere else.
    (name = "internet", network = (allow = ["private"])),
  ],
);

const story :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
  bindings = [
    (name = "url", fromEnvironment = "STORY_URL"),
    (name = "apiKey", fromEnvironment = "STORY_KEY"),
    (name = "faults", fromEnvironment = "STORY_FAULTS"),
  ],
);
