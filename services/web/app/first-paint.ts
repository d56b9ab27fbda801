/**
 * Runs before anything is painted. The zone is in a cookie from the first visit on; that one visit is asked for
 * again, still blank, so that no time is ever seen in a wrong zone. The theme follows the system unless one was chosen.
 */
export const FIRST_PAINT = `(function(){try{
var d=document.documentElement,z=Intl.DateTimeFormat().resolvedOptions().timeZone;
if(!d.dataset.theme)d.dataset.theme=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";
if(z&&z!==d.dataset.zone){document.cookie="zone="+encodeURIComponent(z)+"; Path=/; Max-Age=31536000; SameSite=Lax";
if(document.cookie.indexOf("zone=")>=0&&sessionStorage.getItem("zone")!==z){sessionStorage.setItem("zone",z);location.replace(location.href)}}
}catch(e){}})()`;
