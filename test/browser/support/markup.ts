import type { Page } from "playwright-core";

/** Texts that would do something if any part of the app took them for more than text. Each that runs says so in `pwned`. */
export const MARKUP: readonly string[] = [
  "<script>window.pwned=1</script>",
  "</script><script>window.pwned=2</script>",
  '<img src=x-pwned onerror="window.pwned=3">',
  "<svg onload=window.pwned=4><title>pwned</title></svg>",
  '"><b class=pwned onmouseover="window.pwned=5">negrito</b>',
  "'-(window.pwned=6)-'",
  "</textarea></title></style><iframe srcdoc='<script>parent.pwned=7</script>'></iframe>",
  '<a href="javascript:window.pwned=8">clique</a>',
  "javascript:window.pwned=9",
  "javascript://www.loja.example/%0awindow.pwned=10",
  "[clique](javascript:window.pwned=11)",
  'https://loja.example/"onmouseover="window.pwned=12',
  "https://loja.example/<script>window.pwned=13</script>",
  "www.loja.example'><img src=x-pwned onerror=window.pwned=14>",
  "data:text/html,<script>opener.pwned=15</script>",
  "{{constructor.constructor('window.pwned=16')()}} ${window.pwned=17}",
  "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
  "<form action=//evil.example><button>Entrar</button></form>",
  "<style>*{display:none!important}</style><link rel=stylesheet href=//evil.example/x.css>",
  "<object data=x-pwned></object><embed src=x-pwned><video src=x-pwned onerror=window.pwned=18>",
  "*<b class=pwned>*_<i class=pwned>_~</s>~```</code><b class=pwned>```",
  "&lt;img src=x-pwned onerror=window.pwned=19&gt; &#60;script&#62;",
  "\u202e<script>window.pwned=20</script>\u2028window.pwned=21\u2029",
  "<!--<script>window.pwned=22//--!><![CDATA[<script>]]>",
];

/** What of them has become more than text on a page, one line each; nothing is as it must be. */
export const becameMore = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if ("pwned" in window) found.push(`a script ran: ${String(window.pwned)}`);
    if (getComputedStyle(document.body).display === "none") found.push("a style applies");
    const elements =
      ".pwned, [src*=pwned], [data*=pwned], iframe, object, embed, video, base, meta[http-equiv=refresh], " +
      "[action*='evil.example'], link[href*='evil.example']";
    for (const element of document.querySelectorAll(elements))
      found.push(`an element: ${element.outerHTML.slice(0, 120)}`);
    for (const element of document.querySelectorAll("body *")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) found.push(`a handler: ${name}=${value.slice(0, 60)}`);
      }
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href]")) {
      if (!["http:", "https:", "mailto:", "tel:"].includes(link.protocol))
        found.push(`a link: ${link.href.slice(0, 80)}`);
    }
    return found;
  });
