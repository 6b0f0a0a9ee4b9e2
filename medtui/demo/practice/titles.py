"""The kinds of sections, the titles under which authors write them, and their LOINC codes."""

# The first title of each kind is the plain one; an author keeps to one title per kind.
TITLES: dict[str, tuple[str, ...]] = {
    "indication": ("Clinical history", "Indication", "Clinical information", "Reason for exam", "Clinical details"),
    "technique": ("Technique", "Protocol", "Procedure"),
    "comparison": ("Comparison", "Comparison", "Previous imaging"),
    "findings": ("Findings", "Observations", "Report", "Findings", "Description"),
    "impression": ("Impression", "Conclusion", "Opinion", "Radiological impression", "Imp"),
    "history": ("History", "History of present illness", "Presenting complaint", "HPI", "Presenting history"),
    "examination": ("Examination", "On examination", "Physical exam", "O/E", "Physical examination"),
    "results": ("Results", "Investigations", "Labs", "Test results"),
    "medication": ("Medications", "Current medications", "Medication", "Drug history"),
    "assessment": ("Assessment", "Assessment", "Clinical impression", "Diagnosis"),
    "plan": ("Plan", "Treatment", "Rx"),
    "laboratory": ("Results", "Test results", "Laboratory results", "Investigations"),
    "interpretation": ("Interpretation", "Comment", "Remarks", "Pathologist comment", "Interpretive comment"),
    "diagnosis": ("Discharge diagnosis", "Final diagnosis", "Diagnosis"),
    "course": ("Hospital course", "Course in hospital", "Clinical course", "Treatment given"),
    "medicines": ("Discharge medications", "Medications"),
    "summary": ("Summary", "Summary of stay", "Brief summary", "Summary of hospital stay"),
    "note": ("Notes", "Note", "Comments"),
}

LOINC: dict[str, str] = {
    "indication": "18785-6", "technique": "55111-9", "comparison": "18834-2", "findings": "59776-5",
    "impression": "19005-8", "history": "10164-2", "examination": "29545-1", "results": "30954-2",
    "medication": "10160-0", "assessment": "51848-0", "plan": "18776-5", "laboratory": "30954-2",
    "interpretation": "56850-1", "diagnosis": "11535-2", "course": "8648-8", "medicines": "10183-2",
    "summary": "55112-7", "note": "34109-9",
}  # fmt: skip

# Which sections a task reads and which one it writes.
TASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "findings_to_impression": (("findings",), "impression"),
    "clinical_to_assessment": (("history", "examination", "results"), "assessment"),
    "results_to_interpretation": (("laboratory",), "interpretation"),
    "course_to_summary": (("course",), "summary"),
}
