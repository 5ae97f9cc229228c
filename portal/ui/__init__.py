"""Design system of the portal: template tags, form renderer, widgets and page furniture."""
