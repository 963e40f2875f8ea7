// Runs before the first paint, so that a chosen light theme never flashes dark.
(function () {
  var chosen = localStorage.getItem('boocode.theme') || 'ember';
  var light = matchMedia('(prefers-color-scheme: light)').matches;
  document.documentElement.dataset.theme = chosen === 'system' ? (light ? 'chalk' : 'ember') : chosen;
})();
