// Shift, three times within five seconds and nothing else meanwhile, presses the button “Leave this site now”. The key
// is that of GOV.UK's “Exit this page”: Escape stops pages and closes things. The button works without any of this.
const TIMES = 3;
const MILLISECONDS = 5000;

export function listenForQuickExit(form) {
  const said = form.querySelector("[role=status]");
  let pressed = 0;
  let isAlone = false;
  let timer;

  function begin() {
    pressed = 0;
    clearTimeout(timer);
    said.textContent = "";
  }

  function count() {
    pressed += 1;
    if (pressed === TIMES) {
      form.querySelector("button").click();
      return;
    }
    if (pressed === 1) timer = setTimeout(expire, MILLISECONDS);
    said.textContent = pressed === 1 ? form.dataset.twoMore : form.dataset.oneMore;
  }

  function expire() {
    begin();
    said.textContent = form.dataset.expired;
  }

  // Whoever writes or chooses another layout of the keyboard holds Shift with something else.
  document.addEventListener("keydown", (event) => {
    isAlone = event.key === "Shift" && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (!isAlone && pressed) begin();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && isAlone) count();
    isAlone = false;
  });
  document.addEventListener("pointerdown", () => {
    isAlone = false;
    if (pressed) begin();
  });

  // The page is gone from the screen before the other one has come, and does not come back as it was.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    document.body.classList.add("is-leaving");
    window.addEventListener("pageshow", () => window.location.reload());
  });
  form.querySelector("[hidden]").hidden = false;
}
