// Writes the number of characters beside the label of a text, while somebody types. Without it the limit stands there.
for (const place of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(place.dataset.counts);
  const most = Number(place.dataset.most);
  const show = () => {
    const number = [...field.value].length;
    place.textContent = place.dataset.words.replace("{n}", number.toLocaleString(document.documentElement.lang || undefined));
    place.classList.toggle("limit--over", number > most);
  };
  if (!field) continue;
  field.addEventListener("input", show);
  if (field.value) show();
}
