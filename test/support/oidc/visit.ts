/**
 * What a browser does at the issuer, without one: signs in as `login`, or goes back by its link to cancel (`null`). Gives the
 * address that the issuer leads back to.
 */
export async function visit(from: string, login: string | null): Promise<string> {
  const { origin } = new URL(from);
  const cookies = new Map<string, string>();
  const ask = async (url: string, body?: URLSearchParams): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      ...(body === undefined ? {} : { method: "POST", body }),
      ...{ redirect: "manual", headers: { cookie } },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  let answer = await ask(from);
  for (let step = 0; step < 10; step += 1) {
    const location = answer.headers.get("location");
    if (location !== null) {
      const next = new URL(location, origin);
      if (next.origin !== origin) return next.href;
      answer = await ask(next.href);
      continue;
    }
    const page = await answer.text();
    const form = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    const cancel = /<a href="([^"]+\/abort)"/.exec(page)?.[1];
    if (form === undefined || cancel === undefined) throw new Error(`${answer.status} ${page.slice(0, 500)}`);
    answer =
      login === null
        ? await ask(cancel)
        : await ask(form, new URLSearchParams({ prompt: "login", login, password: "of the issuer" }));
  }
  throw new Error("the issuer leads nowhere");
}
