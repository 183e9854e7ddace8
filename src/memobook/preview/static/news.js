// What the server says, once for all tabs: a browser grants six connections to a server,
// so ten tabs must not hold one each. The tab that has the lock listens and tells the
// others; when it is closed, the next one listens.

const NAME = `memobook ${location.pathname}`;

export function listen(hear) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }) => hear(data);
  catchUp(hear);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) catchUp(hear);
  });
  const tell = (news) => {
    hear(news);
    channel.postMessage(news);
  };
  if (!navigator.locks) {
    open(hear);
    return;
  }
  navigator.locks.request(NAME, () => new Promise(() => open(tell)));
}

async function catchUp(hear) {
  try {
    const answer = await fetch("state");
    if (answer.ok) hear({ kind: "state", state: await answer.json() });
    else hear({ kind: "lost" });
  } catch {
    hear({ kind: "lost" });
  }
}

function open(tell) {
  const source = new EventSource("events");
  source.addEventListener("state", (event) => {
    tell({ kind: "state", state: JSON.parse(event.data) });
  });
  source.addEventListener("progress", (event) => {
    tell({ kind: "progress", title: JSON.parse(event.data) });
  });
  source.addEventListener("error", () => {
    tell({ kind: "lost" });
    // A browser gives up for good where it was refused: 32 tabs, or another server.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => open(tell), 3000);
  });
}
