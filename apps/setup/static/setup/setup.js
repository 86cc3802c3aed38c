"use strict";
// The set-up page: sends the form, shows how far the installation is, and what came of it.

const form = document.getElementById("setup");
const button = form.querySelector("button");
const failure = document.getElementById("failure");
const progress = document.getElementById("progress");
const POLL_MS = 500;
const STEPS = {
  connect: "Connecting to the server",
  examine: "Looking into the database",
  migrate: "Making the tables",
  fixtures: "Loading what belongs to the product",
  administrator: "Making the administrator",
  configure: "Writing the configuration",
};

function clear() {
  failure.hidden = true;
  for (const old of form.querySelectorAll(".wrong")) old.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

function mark(input, text) {
  if (input.getAttribute("aria-invalid")) return;
  const note = document.createElement("p");
  note.className = "wrong";
  note.id = `${input.id}-wrong`;
  note.textContent = text;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", note.id);
  input.after(note);
  const folded = input.closest("details");
  if (folded) folded.open = true;
}

function focusFirstWrong() {
  const input = form.querySelector("[aria-invalid]");
  if (input) input.focus();
  return Boolean(input);
}

function fail(text) {
  failure.textContent = text;
  failure.hidden = false;
  failure.focus();
}

function check() {
  for (const input of form.querySelectorAll("input[required]")) {
    if (!input.value) mark(input, "This is needed.");
  }
  if (form.elements.admin_password.value !== form.elements.admin_again.value) {
    mark(form.elements.admin_again, "The two passwords differ.");
  }
  return !focusFirstWrong();
}

function wish() {
  const body = {};
  for (const input of form.querySelectorAll("input[name]")) {
    if (input.value || input.required) body[input.name] = input.value;
  }
  const port = Number(body.port);
  if (Number.isInteger(port)) body.port = port;
  return body;
}

function headers() {
  return { Authorization: `Bearer ${form.elements.token.value.trim()}`, "Content-Type": "application/json" };
}

async function showProgress() {
  let answer;
  try {
    const response = await fetch(form.dataset.progress, { headers: headers() });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return;
  }
  const stage = answer.items[0];
  if (!stage) return;
  document.getElementById("step").textContent = `${STEPS[stage.step] || stage.step}…`;
  const bar = document.getElementById("bar");
  if (stage.total) {
    bar.max = stage.total;
    bar.value = stage.done;
  } else {
    bar.removeAttribute("value");
  }
}

function showAnswer(status, answer) {
  if (status === 200) {
    form.hidden = true;
    document.getElementById("message").textContent = answer.message;
    const done = document.getElementById("done");
    done.hidden = false;
    done.focus();
    return;
  }
  if (status === 401) mark(form.elements.token, answer.message);
  for (const fault of answer.detail || []) {
    const input = form.elements[fault.loc[fault.loc.length - 1]];
    if (input) mark(input, fault.msg);
  }
  if (!focusFirstWrong()) fail(typeof answer.message === "string" ? answer.message : "Set-up failed.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clear();
  if (!check()) return;
  button.disabled = true;
  document.getElementById("step").textContent = "Connecting to the server…";
  progress.hidden = false;
  const timer = setInterval(showProgress, POLL_MS);
  try {
    const response = await fetch(form.dataset.install, {
      method: "POST",
      headers: headers(),
      body: JSON.stringify(wish()),
    });
    const answer = await response.json();
    clearInterval(timer);
    progress.hidden = true;
    showAnswer(response.status, answer);
  } catch {
    fail("The server does not answer. Look at its console, and load this page again.");
  } finally {
    clearInterval(timer);
    progress.hidden = true;
    button.disabled = false;
  }
});
