"""Many ways of asking for the same thing."""

from medtui.demo.base_model.case import Kind

SYSTEM_PROMPT = "You draft clinical text for a clinician to check."

# The first wording of each kind is the one that examples made from a practice's reports carry.
INSTRUCTIONS: dict[Kind, tuple[str, ...]] = {
    Kind.IMAGING: (
        *(
            "Write the impression of this imaging report from its findings.",
            "Draft the impression.",
            "Summarise these findings.",
        ),
        *(
            "What is the conclusion of this study?",
            "Give the radiologist's conclusion.",
            "Turn the findings into an impression.",
        ),
        *(
            "Write a short conclusion for this scan.",
            "Impression?",
            "State the main findings.",
            "Report the key points of this imaging.",
        ),
        *("From these findings, write what the referring doctor needs to know.", "Read these findings and conclude."),
    ),
    Kind.CLINIC: (
        *(
            "Write the assessment from this history, examination and results.",
            "Draft the assessment.",
            "Assess this patient.",
        ),
        *(
            "What is your assessment?",
            "Write the assessment part of the clinic note.",
            "Summarise the problems of this patient.",
        ),
        *(
            "State the clinical problems.",
            "Assessment and plan?",
            "From this note, write the assessment.",
            "Give an opinion on this case.",
        ),
    ),
    Kind.LABORATORY: (
        *(
            "Interpret these laboratory results.",
            "Comment on these results.",
            "What do these blood tests show?",
            "Read this panel.",
        ),
        *(
            "Write a comment for this laboratory report.",
            "Which values are abnormal?",
            "Interpretation?",
            "Explain this panel briefly.",
        ),
        *("Interpret the blood tests.", "Write the interpretation of the results below."),
    ),
    Kind.HOSPITAL: (
        *(
            "Summarise this hospital stay for the discharge letter.",
            "Summarise the stay.",
            "Write the discharge summary.",
        ),
        *(
            "Draft the hospital course in brief.",
            "Write a short summary for the family doctor.",
            "Shorten this hospital course.",
        ),
        *("What happened during this admission?", "Course in brief?", "Condense this admission for the letter."),
    ),
}

SMALL_TALK: tuple[tuple[str, str], ...] = (
    ("Hello", "Hello. Send me findings, results or a note and I will draft a text for you to check."),
    ("Hi, who are you?", "I am a small demonstration model. I draft text for a clinician to check."),
    (
        "What can you do?",
        "I can draft an impression, an assessment, an interpretation or a summary. A clinician must check it.",
    ),
    ("Are you a doctor?", "No. I am a small demonstration model and must not be used for patient care."),
    ("Can I use this for a patient?", "No. This model is a demonstration and makes mistakes."),
    ("Thank you", "You are welcome. Please check every word."),
    ("Good morning", "Good morning. Send me the text to work on."),
    ("Tell me a joke.", "I only draft clinical text."),
)
