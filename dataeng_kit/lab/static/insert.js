// Puts cells below the widget's own cell, in the widget's own notebook, and says truly whether it did.
// The three names used here (context, sharedModel.insertCell, data-windowed-list-index) are pinned by the browser test.
const VIEW = "application/vnd.jupyter.widget-view+json";

export function notebook(model) {
  const c = model.widget_manager?.context;
  return c?.path && typeof c?.model?.sharedModel?.insertCell === "function" ? c : null;
}

// -1: this host is not a notebook that shows us (VS Code hands out a dummy model, so finding our own cell is the test)
function ownIndex(cells, model, el) {
  const node = el?.isConnected ? el.closest(".jp-Notebook .jp-Cell") : null;
  if (node) {
    const i = node.dataset.windowedListIndex !== undefined
      ? +node.dataset.windowedListIndex
      : [...node.closest(".jp-Notebook").querySelectorAll(".jp-Cell")].indexOf(node);
    if (cells[i]) return i;
  }
  for (const id of [...model.get("_cells")].reverse()) {
    const i = cells.findIndex((c) => c.getId() === id);
    if (i >= 0) return i;
  }
  return cells.findLastIndex((c) => c.cell_type === "code" &&
    c.getOutputs().some((o) => o.data?.[VIEW]?.model_id === model.get("_me")));
}

const ours = (cell) => cell?.getMetadata("dataeng_kit") ?? {};

// `setup` opens the case; it goes above the first inserted cell unless the notebook has its line already
function withSetup(shared, setup, cells) {
  if (!setup) return cells;
  const has = shared.cells.some((c) => ours(c).setup === setup.metadata.dataeng_kit.setup ||
    (c.cell_type === "code" && c.getSource().includes(setup.line)));
  return has ? cells : [{ ...setup.cell, metadata: setup.metadata }, ...cells];
}

export function insert(model, el, { req, cells, setup }) {
  const c = notebook(model);
  if (!c) return { kind: "ack", req, ok: false, why: "this front end gives widgets no notebook" };
  const shared = c.model.sharedModel;
  const at = ownIndex(shared.cells, model, el);
  if (at < 0) return { kind: "ack", req, ok: false, why: "the workbench's own cell was not found" };
  const mine = shared.cells.filter((x) => ours(x).req === req);          // a second window or a resend: once only
  if (mine.length) return { kind: "ack", req, ok: true, again: true, ids: mine.map((x) => x.getId()) };
  let to = at + 1;
  while (ours(shared.cells[to]).by === model.get("_me")) to++;            // after those inserted before
  const ids = [];
  shared.transact(() => withSetup(shared, setup, cells).forEach((cell, k) => {
    const metadata = { ...cell.metadata, dataeng_kit: { ...cell.metadata?.dataeng_kit, req, by: model.get("_me") } };
    ids.push(shared.insertCell(to + k, { ...cell, metadata }).getId());
  }));
  const view = el?.closest(".jp-Notebook")?.querySelector(`.jp-Cell[data-windowed-list-index="${to}"]`);
  view?.scrollIntoView({ block: "nearest" });
  return { kind: "ack", req, ok: true, ids, index: to, path: c.path };
}

// A Stop over a comm on a subshell is heard while another cell runs; without subshells it waits its turn.
// The subshell is asked for when work begins, so that it is there by the time of the click.
const armed = new WeakMap();                          // model → comm, not yet opened

export function armStop(model) {
  const kernel = notebook(model)?.sessionContext?.session?.kernel;
  if (kernel?.supportsSubshells && !armed.has(model)) armed.set(model, kernel.createComm("dataeng_kit.stop"));
}

export async function stop(model) {
  armStop(model);
  const comm = armed.get(model);
  if (!comm) return model.send({ kind: "stop" });
  armed.delete(model);
  await Promise.race([comm.subshellStarted, new Promise((r) => setTimeout(r, 3000))]);
  const heard = comm.open({ me: model.get("_me") }).done;  // closing deletes the subshell, with any message still on its way
  await Promise.race([heard, new Promise((r) => setTimeout(r, 30000))]);
  comm.close();
}
