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

// mode "ask": a cell that stands here with other text is answered with that text, and nothing is inserted until the user
// chose "replace" or "beside"; a cell that stands here as it is is not inserted twice.
export function insert(model, el, { req, cells, setup, mode = "ask" }) {
  const c = notebook(model);
  if (!c) return { kind: "ack", req, ok: false, why: "this front end gives widgets no notebook" };
  const shared = c.model.sharedModel;
  const at = ownIndex(shared.cells, model, el);
  if (at < 0) return { kind: "ack", req, ok: false, why: "the workbench's own cell was not found" };
  const mine = shared.cells.filter((x) => ours(x).req === req);          // a second window or a resend: once only
  if (mine.length) return { kind: "ack", req, ok: true, again: true, ids: mine.map((x) => x.getId()) };
  const here = (made) => { const o = made.metadata?.dataeng_kit ?? {};
    return mode !== "beside" && o.cell && shared.cells.find((x) => ours(x).cell === o.cell && ours(x).case === o.case); };
  const stands = cells.map(here), differ = cells.map((x, k) => stands[k] && stands[k].getSource() !== x.source);
  if (mode === "ask" && differ.some(Boolean)) return { kind: "ack", req, ok: false, why: "differs",
    differ: cells.flatMap((x, k) => differ[k] ? [{ cell: x.metadata.dataeng_kit.cell, source: stands[k].getSource() }] : []) };
  let to = at + 1;
  while (ours(shared.cells[to]).by === model.get("_me")) to++;            // after those inserted before
  const ids = [], added = [], replaced = [];
  shared.transact(() => {
    const fresh = cells.filter((x, k) => !stands[k]);
    withSetup(shared, fresh.some((x) => x.cell_type === "code") ? setup : null, fresh).forEach((cell, k) => {
      const metadata = { ...cell.metadata, dataeng_kit: { ...cell.metadata?.dataeng_kit, req, by: model.get("_me") } };
      const id = shared.insertCell(to + k, { ...cell, metadata }).getId();
      ids.push(id); added.push({ id, source: cell.source });
    });
    stands.forEach((cell, k) => { if (!cell) return;
      if (differ[k]) { replaced.push({ id: cell.getId(), source: cell.getSource(), now: cells[k].source }); cell.setSource(cells[k].source); }
      ids.push(cell.getId()); });
  });
  const first = shared.cells.findIndex((x) => ids.includes(x.getId()));
  el?.closest(".jp-Notebook")?.querySelector(`.jp-Cell[data-windowed-list-index="${first}"]`)?.scrollIntoView({ block: "nearest" });
  return { kind: "ack", req, ok: true, ids, added, replaced, index: first, path: c.path };
}

// Takes one insertion back, all of it or nothing: text that was edited since is the user's.
export function undo(model, { req, added, replaced }) {
  const shared = notebook(model)?.model.sharedModel, no = (why) => ({ kind: "ack", req, ok: false, why });
  if (!shared) return no("this front end gives widgets no notebook");
  const find = (id) => shared.cells.findIndex((x) => x.getId() === id);
  const edited = [...added, ...replaced].some((x) => find(x.id) >= 0 && shared.cells[find(x.id)].getSource() !== (x.now ?? x.source));
  if (edited) return no("a cell was edited since; press Esc, then z, or delete it by hand");
  shared.transact(() => {
    for (const x of replaced) if (find(x.id) >= 0) shared.cells[find(x.id)].setSource(x.source);
    for (const i of added.map((x) => find(x.id)).filter((i) => i >= 0).sort((a, b) => b - a)) shared.deleteCell(i);
  });
  return { kind: "ack", req, ok: true };
}

// Runs inserted cells one after another in the notebook's kernel, as the notebook itself would show them.
export async function run(model, { req, ids }) {
  const c = notebook(model), kernel = c?.sessionContext?.session?.kernel;
  if (!kernel) return { kind: "ack", req, ok: false, why: "the notebook has no kernel" };
  for (const id of ids) {
    let cell = null;
    for (let i = 0; i < c.model.cells.length; i++) if (c.model.cells.get(i).id === id) cell = c.model.cells.get(i);
    if (!cell || cell.type !== "code") continue;
    cell.outputs.clear();
    const future = kernel.requestExecute({ code: cell.sharedModel.getSource(), stop_on_error: true }, false, { cellId: id });
    future.onIOPub = ({ header: { msg_type: kind }, content }) => {
      if (kind === "clear_output") cell.outputs.clear();
      else if (["stream", "display_data", "execute_result", "error"].includes(kind)) cell.outputs.add({ output_type: kind, ...content });
    };
    const { content } = await future.done;
    cell.executionCount = content.execution_count;
    if (content.status !== "ok") return { kind: "ack", req, ok: false, why: `${content.ename}: ${content.evalue}`.slice(0, 300) };
  }
  return { kind: "ack", req, ok: true, ids };
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
