"""La saisine de la Mission accompagnement santé: signal a difficulty of access to rights or care."""
