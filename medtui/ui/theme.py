"""Two calm themes; blue against orange carries every contrast, so that no one has to tell red from green."""

from textual.theme import Theme

# Colours of our own that a theme of Textual's does not define.
DEFAULTS = {"muted": "#8C99A3", "faint": "#55626C"}

DARK = Theme(
    name="medtui-dark",
    primary="#6CB6D9",
    secondary="#8FA9BF",
    accent="#E9A15B",
    success="#7CC4A4",
    warning="#E9B65B",
    error="#E58A7B",
    foreground="#D8E1E8",
    background="#10171E",
    surface="#161F28",
    panel="#1F2B36",
    dark=True,
    variables={
        "muted": "#8FA3B3",
        "faint": "#4A6273",
        "border": "#6CB6D9",
        "border-blurred": "#2C3B48",
        "block-cursor-background": "#24506A",
        "block-cursor-foreground": "#F2F7FA",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#1F2B36",
        "footer-background": "#10171E",
        "footer-key-foreground": "#6CB6D9",
        "footer-description-foreground": "#8FA9BF",
        "button-color-foreground": "#10171E",
    },
)

LIGHT = Theme(
    name="medtui-light",
    primary="#1F6E99",
    secondary="#5A6F80",
    accent="#B4641A",
    success="#2C7A57",
    warning="#9A6A0B",
    error="#A8402E",
    foreground="#1B2730",
    background="#F6F8F9",
    surface="#FFFFFF",
    panel="#E6ECF0",
    dark=False,
    variables={
        "muted": "#5A6F80",
        "faint": "#A9BAC5",
        "border": "#1F6E99",
        "border-blurred": "#C9D4DB",
        "block-cursor-background": "#CFE4F0",
        "block-cursor-foreground": "#10202B",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#E6ECF0",
        "footer-background": "#F6F8F9",
        "footer-key-foreground": "#1F6E99",
        "footer-description-foreground": "#5A6F80",
        "button-color-foreground": "#FFFFFF",
    },
)

# For terminals with 16 colours: every colour is one of the standard sixteen, so that nothing is rounded to another.
SIXTEEN = Theme(
    name="medtui-16",
    primary="#00FFFF",
    secondary="#C0C0C0",
    accent="#FFFF00",
    success="#00FF00",
    warning="#FFFF00",
    error="#FF0000",
    foreground="#C0C0C0",
    background="#000000",
    surface="#000000",
    panel="#000080",
    dark=True,
    variables={
        "muted": "#C0C0C0",
        "faint": "#808080",
        "border": "#00FFFF",
        "border-blurred": "#808080",
        "text-success": "#00FF00",
        "text-warning": "#FFFF00",
        "text-error": "#FF0000",
        "text-primary": "#00FFFF",
        "block-cursor-background": "#000080",
        "block-cursor-foreground": "#FFFFFF",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#000000",
        "footer-background": "#000000",
        "footer-foreground": "#C0C0C0",
        "footer-description-foreground": "#C0C0C0",
        "footer-key-foreground": "#00FFFF",
        "button-color-foreground": "#000000",
    },
)
