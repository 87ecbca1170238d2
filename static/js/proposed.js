/* A score that a link proposes looks confirmed once it is touched; without this it does while it has the focus. */
document.querySelectorAll('.proposed').forEach((label) => {
  label.addEventListener('click', () => label.classList.remove('proposed'));
});
