/**
 * Runs before anything is painted. The zone is in a cookie from the first visit on; that first page is reloaded while
 * still blank, so that no time is ever shown in a wrong zone. The theme follows the system unless one was chosen. An
 * Enter in a field before the page is alive is kept for it: see `takeEarly`. A page whose scripts failed to load (the
 * network changed meanwhile) would never be live: it is reloaded, less and less often, once the server answers.
 */
export const FIRST_PAINT = `(function(){try{
var d=document.documentElement,z=Intl.DateTimeFormat().resolvedOptions().timeZone;
if(!d.dataset.theme)d.dataset.theme=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";
if(z&&z!==d.dataset.zone){document.cookie="zone="+encodeURIComponent(z)+"; Path=/; Max-Age=31536000; SameSite=Lax"+(location.protocol==="https:"?"; Secure":"");
if(document.cookie.indexOf("zone=")>=0&&sessionStorage.getItem("zone")!==z){sessionStorage.setItem("zone",z);location.replace(location.href)}}
addEventListener("keydown",function(e){var t=e.target;
if("alive" in d.dataset||e.key!=="Enter"||e.shiftKey||e.isComposing||t.tagName!=="TEXTAREA")return;
e.preventDefault();t.dataset.enter=""});
var timer,again=function(){if(timer||"alive" in d.dataset)return;
var wait=Math.min(+sessionStorage.getItem("again")||500,30000);sessionStorage.setItem("again",wait*2);
timer=setTimeout(function(){timer=0;if("alive" in d.dataset)return;
fetch("/app.webmanifest",{cache:"no-store"}).then(function(){location.reload()},again)},wait)};
addEventListener("error",function(e){if(e.target.tagName==="SCRIPT")again()},true);
addEventListener("unhandledrejection",again);
}catch(e){}})()`;

/** Whether the page takes clicks already; never on the server. */
export const isAlive = (): boolean =>
  typeof document !== "undefined" && "alive" in document.documentElement.dataset;

/** From now on the page takes clicks, and is live. */
export function comeAlive(): void {
  document.documentElement.dataset["alive"] = "";
  try {
    sessionStorage.removeItem("again");
  } catch {
    // Storage is forbidden; then nothing was kept either.
  }
}

/** What was written in a field before the page was alive, and whether Enter was pressed after it. */
export function takeEarly(field: HTMLTextAreaElement): { text: string; entered: boolean } {
  const entered = "enter" in field.dataset;
  delete field.dataset["enter"];
  return { text: field.value, entered };
}
