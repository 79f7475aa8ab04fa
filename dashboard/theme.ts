/**
 * Sets theme and density before the first frame. Built as a plain script of its own, because
 * the page's policy forbids scripts inside it and a module would come too late.
 */
try {
  const root = document.documentElement
  for (const name of ['theme', 'density'] as const) {
    const kept = localStorage.getItem(`staleproof.${name}`)
    if (kept !== null) root.dataset[name] = kept
  }
} catch {
  // The browser keeps nothing for this page: it is drawn as the system is.
}
