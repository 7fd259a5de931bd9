// Copies a secret, also over plain HTTP, where browsers offer no clipboard; and forgets it when
// the page is left, so that going back does not bring it up again.
"use strict";

function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
}

async function copy(element) {
    if (navigator.clipboard && window.isSecureContext) {
        try {
            await navigator.clipboard.writeText(element.textContent);
            return true;
        } catch {
            // Not allowed here: the old way may be.
        }
    }
    select(element);
    return document.execCommand("copy");
}

for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    button.addEventListener("click", async () => {
        const copied = await copy(source);
        if (!copied) {
            select(source);
        }
        button.textContent = copied ? "Copied" : "Press Ctrl-C";
    });
    window.addEventListener("pagehide", () => {
        source.textContent = "";
    });
}
