// What tests find in the page: `kompo.start(settings)` connects the SDK, then `kompo` has the database, the SDK's functions and
// a few that watch and wait.
import { initializeApp } from "@firebase/app";
import * as auth from "@firebase/auth";
import * as fs from "@firebase/firestore";
import * as lite from "@firebase/firestore/lite";

const describe = (snapshot) =>
  snapshot instanceof fs.QuerySnapshot
    ? {
        ids: snapshot.docs.map((each) => each.id),
        changes: snapshot.docChanges().map((each) => `${each.type} ${each.doc.id}`),
        pending: snapshot.metadata.hasPendingWrites,
        cached: snapshot.metadata.fromCache,
      }
    : {
        data: snapshot.data() ?? null,
        pending: snapshot.metadata.hasPendingWrites,
        cached: snapshot.metadata.fromCache,
      };

const watch = (target) => {
  const events = [];
  events.stop = fs.onSnapshot(
    target,
    { includeMetadataChanges: true },
    (snapshot) => events.push(describe(snapshot)),
    (error) => events.push({ error: error.code }),
  );
  return events;
};

const until = async (condition, what, milliseconds = 20000) => {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const start = ({ project, firestore, authentication, token, longPolling, persistent }) => {
  const app = initializeApp({ apiKey: "any", projectId: project });
  const options = longPolling ? { experimentalForceLongPolling: true } : {};
  if (persistent) options.localCache = fs.persistentLocalCache();
  const [host, port] = firestore.split(":");
  kompo.db = fs.initializeFirestore(app, options);
  fs.connectFirestoreEmulator(kompo.db, host, Number(port), token ? { mockUserToken: token } : {});
  kompo.liteDb = lite.initializeFirestore(app, {});
  lite.connectFirestoreEmulator(kompo.liteDb, host, Number(port), token ? { mockUserToken: token } : {});
  if (authentication) {
    kompo.account = auth.getAuth(app);
    auth.connectAuthEmulator(kompo.account, `http://${authentication}`, { disableWarnings: true });
  }
};

const kompo = { fs, lite, auth, watch, until, start };
window.kompo = kompo;
