"""Facts for laboratory reports: analytes with their ranges, and patterns of results with their meaning."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Analyte:
    """One test: its names, LOINC code, unit, usual adult range and printed decimals."""

    key: str
    names: tuple[str, ...]
    loinc: str
    unit: str
    low: float
    high: float
    decimals: int


@dataclass(frozen=True)
class Pattern:
    """Results that belong together.

    Attributes:
        values: analyte key -> notation of `medtui.demo.practice.grammar.draw` for a value outside its range.
        concluded: items of the interpretation; `<key>` is the printed value, `<key_unit>` its unit.
        advice: template of the advice.
    """

    values: Mapping[str, str]
    concluded: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class Panel:
    """A profile as it is ordered, with the patterns it may show; an empty pattern list means always normal."""

    code: str
    titles: tuple[str, ...]
    specimen: str
    analytes: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    nothing: str


_ALL = (
    Analyte("hb", ("Haemoglobin", "Hemoglobin", "Hb", "HGB"), "718-7", "g/dL", 12.0, 16.5, 1),
    Analyte("mcv", ("MCV", "Mean cell volume"), "787-2", "fL", 80, 100, 0),
    Analyte("wcc", ("White cell count", "Total leucocyte count", "WBC", "TLC"), "6690-2", "x10^9/L", 4.0, 11.0, 1),
    Analyte("neut", ("Neutrophils", "Neutrophils (abs)"), "751-8", "x10^9/L", 2.0, 7.5, 1),
    Analyte("plt", ("Platelet count", "Platelets", "PLT"), "777-3", "x10^9/L", 150, 410, 0),
    Analyte("esr", ("ESR", "ESR (Westergren)"), "4537-7", "mm/h", 2, 20, 0),
    Analyte("crp", ("C-reactive protein", "CRP"), "1988-5", "mg/L", 0.2, 5.0, 1),
    Analyte("ferritin", ("Ferritin", "S. Ferritin"), "2276-4", "ng/mL", 20, 250, 0),
    Analyte("tsat", ("Transferrin saturation", "TSAT"), "2502-3", "%", 20, 45, 0),
    Analyte("b12", ("Vitamin B12", "Cobalamin"), "2132-9", "pg/mL", 211, 911, 0),
    Analyte("folate", ("Folate", "Folic acid"), "2284-8", "ng/mL", 4.0, 18.0, 1),
    Analyte("vitd", ("25-OH Vitamin D", "Vitamin D"), "1989-3", "ng/mL", 30, 90, 0),
    Analyte("na", ("Sodium", "Na+", "S. Sodium"), "2951-2", "mmol/L", 135, 145, 0),
    Analyte("k", ("Potassium", "K+", "S. Potassium"), "2823-3", "mmol/L", 3.5, 5.1, 1),
    Analyte("urea", ("Urea", "Blood urea"), "3091-6", "mg/dL", 15, 42, 0),
    Analyte("cr", ("Creatinine", "S. Creatinine", "Creat"), "2160-0", "mg/dL", 0.6, 1.2, 2),
    Analyte("ca", ("Calcium", "S. Calcium"), "17861-6", "mg/dL", 8.6, 10.2, 1),
    Analyte("ua", ("Uric acid",), "3084-1", "mg/dL", 3.4, 7.0, 1),
    Analyte("bil", ("Bilirubin, total", "Total bilirubin", "T. Bilirubin"), "1975-2", "mg/dL", 0.3, 1.2, 1),
    Analyte("alt", ("ALT", "SGPT (ALT)", "Alanine aminotransferase"), "1742-6", "U/L", 7, 45, 0),
    Analyte("ast", ("AST", "SGOT (AST)"), "1920-8", "U/L", 8, 40, 0),
    Analyte("alp", ("Alkaline phosphatase", "ALP"), "6768-6", "U/L", 40, 130, 0),
    Analyte("alb", ("Albumin", "S. Albumin"), "1751-7", "g/dL", 3.5, 5.2, 1),
    Analyte("inr", ("INR", "PT-INR"), "6301-6", "", 0.8, 1.2, 1),
    Analyte("aptt", ("APTT",), "3173-2", "s", 25, 36, 0),
    Analyte("tsh", ("TSH", "Thyrotropin"), "3016-3", "mIU/L", 0.4, 4.5, 2),
    Analyte("ft4", ("Free T4", "FT4"), "3024-7", "ng/dL", 0.8, 1.8, 2),
    Analyte("chol", ("Total cholesterol", "Cholesterol"), "2093-3", "mg/dL", 100, 199, 0),
    Analyte("ldl", ("LDL cholesterol", "LDL-C"), "13457-7", "mg/dL", 50, 99, 0),
    Analyte("hdl", ("HDL cholesterol", "HDL-C"), "2085-9", "mg/dL", 41, 60, 0),
    Analyte("tg", ("Triglycerides", "TG"), "2571-8", "mg/dL", 50, 149, 0),
    Analyte("glu", ("Fasting glucose", "Glucose (F)", "FBS"), "1558-6", "mg/dL", 70, 99, 0),
    Analyte("a1c", ("HbA1c", "Glycated haemoglobin"), "4548-4", "%", 4.2, 5.6, 1),
    Analyte("psa", ("PSA, total",), "2857-1", "ng/mL", 0.2, 4.0, 2),
    Analyte("trop", ("Troponin I (hs)", "hs-Troponin"), "89579-7", "ng/L", 1, 15, 0),
    Analyte("ck", ("Creatine kinase", "CPK"), "2157-6", "U/L", 30, 190, 0),
    Analyte("amy", ("Lipase",), "3040-3", "U/L", 13, 60, 0),
)  # fmt: skip
ANALYTES: Mapping[str, Analyte] = {analyte.key: analyte for analyte in _ALL}

PANELS = (
    Panel(
        "CBC",
        ("Complete blood count", "CBC with ESR", "Hemogram", "Full blood count"),
        "EDTA blood",
        ("hb", "mcv", "wcc", "neut", "plt", "esr"),
        (
            Pattern(
                {"hb": "#6.4-10.8", "mcv": "#58-76"},
                ("Microcytic anaemia, Hb <hb> g/dL, MCV <mcv> fL.",),
                "ferritin and transferrin saturation.",
            ),
            Pattern(
                {"hb": "#6.8-10.6", "mcv": "#104-124"},
                ("Macrocytic anaemia, Hb <hb> g/dL, MCV <mcv> fL.",),
                "vitamin B12, folate and thyroid function.",
            ),
            Pattern(
                {"wcc": "#13.2-26.4", "neut": "#9.8-21.0"},
                ("Leucocytosis with neutrophilia, <wcc> x10^9/L.",),
                "look for a focus of infection.",
            ),
            Pattern(
                {"plt": "#18-112"},
                ("Thrombocytopenia, platelets <plt> x10^9/L.",),
                "repeat count on citrate sample and smear.",
            ),
            Pattern(
                {"plt": "#462-780"},
                ("Thrombocytosis, platelets <plt> x10^9/L.",),
                "exclude inflammation and iron deficiency.",
            ),
            Pattern(
                {"wcc": "#1.4-2.7", "neut": "#0.4-1.6"},
                ("Leucopenia with neutropenia, neutrophils <neut> x10^9/L.",),
                "review drugs and repeat count.",
            ),
            Pattern({"esr": "#38-112"}, ("Raised ESR, <esr> mm/h.",), "clinical correlation for inflammation."),
            Pattern(
                {"hb": "#17.2-19.8"},
                ("Raised haemoglobin, <hb> g/dL.",),
                "repeat when hydrated; consider erythropoietin.",
            ),
        ),
        "Normal blood count.",
    ),
    Panel(
        "LFT",
        ("Liver function tests", "LFT", "Hepatic function panel"),
        "Serum",
        ("bil", "alt", "ast", "alp", "alb"),
        (
            Pattern(
                {"alt": "#180-1450", "ast": "#140-1200"},
                ("Hepatocellular injury, ALT <alt> U/L, AST <ast> U/L.",),
                "viral hepatitis serology and drug history.",
            ),
            Pattern(
                {"alp": "#210-640", "bil": "#2.4-9.8"},
                ("Cholestatic pattern, ALP <alp> U/L, bilirubin <bil> mg/dL.",),
                "ultrasound of the biliary tract.",
            ),
            Pattern({"alb": "#1.9-3.1"}, ("Low albumin, <alb> g/dL.",), "urine protein and nutrition review."),
            Pattern(
                {"alt": "#52-118"},
                ("Mildly raised ALT, <alt> U/L.",),
                "repeat after avoiding alcohol; consider fatty liver.",
            ),
            Pattern(
                {"bil": "#1.5-3.2"},
                ("Isolated raised bilirubin, <bil> mg/dL.",),
                "fractionated bilirubin and reticulocytes.",
            ),
        ),
        "Normal liver function tests.",
    ),
    Panel(
        "RFT",
        ("Renal function tests", "Kidney profile", "Basic metabolic panel", "Urea and electrolytes"),
        "Serum",
        ("na", "k", "urea", "cr", "ca", "ua"),
        (
            Pattern(
                {"cr": "#1.64-5.90", "urea": "#62-184"},
                ("Impaired renal function, creatinine <cr> mg/dL, urea <urea> mg/dL.",),
                "compare with earlier values, urine microscopy.",
            ),
            Pattern({"k": "#5.6-6.8"}, ("Hyperkalaemia, <k> mmol/L.",), "exclude haemolysis, ECG and urgent repeat."),
            Pattern({"k": "#2.4-3.2"}, ("Hypokalaemia, <k> mmol/L.",), "replace potassium and check magnesium."),
            Pattern({"na": "#116-131"}, ("Hyponatraemia, <na> mmol/L.",), "review diuretics and fluid status."),
            Pattern({"ca": "#10.8-13.6"}, ("Hypercalcaemia, <ca> mg/dL.",), "parathyroid hormone and repeat calcium."),
            Pattern({"ua": "#7.6-11.4"}, ("Raised uric acid, <ua> mg/dL.",), "diet advice; treat only if symptomatic."),
            Pattern({"ca": "#6.4-8.2"}, ("Hypocalcaemia, <ca> mg/dL.",), "vitamin D and parathyroid hormone."),
        ),
        "Normal renal function and electrolytes.",
    ),
    Panel(
        "LIPID",
        ("Lipid profile", "Fasting lipids", "Lipid panel"),
        "Serum, fasting",
        ("chol", "ldl", "hdl", "tg"),
        (
            Pattern(
                {"ldl": "#152-236"},
                ("Raised LDL cholesterol, <ldl> mg/dL.",),
                "cardiovascular risk score and diet.",
            ),
            Pattern(
                {"tg": "#212-640"}, ("Raised triglycerides, <tg> mg/dL.",), "check glucose, thyroid and alcohol intake."
            ),
            Pattern({"hdl": "#24-36"}, ("Low HDL cholesterol, <hdl> mg/dL.",), "exercise and weight reduction."),
        ),
        "Lipids within desirable limits.",
    ),
    Panel(
        "TFT",
        ("Thyroid function tests", "Thyroid profile", "TSH reflex"),
        "Serum",
        ("tsh", "ft4"),
        (
            Pattern(
                {"tsh": "#11.20-64.80", "ft4": "#0.21-0.68"},
                ("Primary hypothyroidism, TSH <tsh> mIU/L, free T4 <ft4> ng/dL.",),
                "start of replacement to be decided clinically.",
            ),
            Pattern(
                {"tsh": "#5.10-9.60"},
                ("Subclinical hypothyroidism, TSH <tsh> mIU/L.",),
                "repeat with thyroid antibodies.",
            ),
            Pattern(
                {"tsh": "#0.01-0.18", "ft4": "#2.10-5.60"},
                ("Hyperthyroidism, TSH <tsh> mIU/L, free T4 <ft4> ng/dL.",),
                "TSH receptor antibodies and endocrine review.",
            ),
        ),
        "Normal thyroid function.",
    ),
    Panel(
        "DIAB",
        ("Diabetes profile", "Glucose and HbA1c", "Diabetic monitoring panel"),
        "Fluoride plasma, EDTA blood",
        ("glu", "a1c", "cr"),
        (
            Pattern(
                {"glu": "#148-312", "a1c": "#7.4-12.6"},
                ("Diabetes above target, HbA1c <a1c> %.", "Fasting glucose <glu> mg/dL."),
                "treatment review and repeat HbA1c.",
            ),
            Pattern(
                {"glu": "#102-124", "a1c": "#5.8-6.4"},
                ("Prediabetes, HbA1c <a1c> %.",),
                "lifestyle change and yearly HbA1c.",
            ),
        ),
        "No evidence of diabetes.",
    ),
    Panel(
        "IRON",
        ("Iron studies", "Anaemia profile", "Haematinics"),
        "Serum",
        ("hb", "ferritin", "tsat", "b12", "folate"),
        (
            Pattern(
                {"ferritin": "#3-14", "tsat": "#4-14"},
                ("Iron deficiency, ferritin <ferritin> ng/mL, saturation <tsat> %.",),
                "find the source of iron loss.",
            ),
            Pattern(
                {"b12": "#92-188"},
                ("Vitamin B12 deficiency, <b12> pg/mL.",),
                "intrinsic factor antibodies and replacement.",
            ),
            Pattern(
                {"ferritin": "#520-1840"},
                ("Raised ferritin, <ferritin> ng/mL.",),
                "exclude inflammation; transferrin saturation repeated fasting.",
            ),
            Pattern({"folate": "#1.2-3.2"}, ("Folate deficiency, <folate> ng/mL.",), "diet history and replacement."),
            Pattern({"hb": "#7.4-10.9"}, ("Anaemia, Hb <hb> g/dL.",), "blood film."),
        ),
        "Iron stores and vitamins adequate.",
    ),
    Panel(
        "COAG",
        ("Coagulation screen", "PT/INR and APTT"),
        "Citrated plasma",
        ("inr", "aptt", "plt"),
        (
            Pattern(
                {"inr": "#4.1-8.2"},
                ("INR above range, <inr>.",),
                "omit anticoagulant as decided clinically and repeat INR.",
            ),
            Pattern(
                {"inr": "#1.6-2.8", "aptt": "#44-72"},
                ("Prolonged INR <inr> and APTT <aptt> s.",),
                "mixing study and liver tests.",
            ),
            Pattern(
                {"aptt": "#42-84"}, ("Isolated prolonged APTT, <aptt> s.",), "check for heparin; lupus anticoagulant."
            ),
        ),
        "Normal coagulation screen.",
    ),
    Panel(
        "INFL",
        ("Inflammation markers", "CRP and blood count", "Fever panel"),
        "Serum, EDTA blood",
        ("crp", "wcc", "plt", "esr"),
        (
            Pattern(
                {"crp": "#48.0-286.0", "wcc": "#12.8-24.6"},
                ("Acute inflammation, CRP <crp> mg/L, white cells <wcc> x10^9/L.",),
                "cultures before antibiotics.",
            ),
            Pattern({"crp": "#8.2-34.0"}, ("Mildly raised CRP, <crp> mg/L.",), "clinical correlation."),
            Pattern({"plt": "#24-96"}, ("Low platelets, <plt> x10^9/L.",), "dengue and malaria tests if febrile."),
        ),
        "No evidence of acute inflammation.",
    ),
    Panel(
        "CARD",
        ("Cardiac markers", "Troponin and CK", "Chest pain panel"),
        "Serum",
        ("trop", "ck", "k"),
        (
            Pattern({"trop": "#38-2400"}, ("Raised troponin, <trop> ng/L.",), "serial troponin and ECG."),
            Pattern(
                {"ck": "#620-8400"},
                ("Raised creatine kinase, <ck> U/L.",),
                "hydration, renal function and drug review.",
            ),
        ),
        "Cardiac markers not raised.",
    ),
    Panel(
        "BONE",
        ("Bone profile", "Vitamin D and calcium", "Mineral metabolism"),
        "Serum",
        ("ca", "alp", "vitd", "alb"),
        (
            Pattern({"vitd": "#5-18"}, ("Vitamin D deficiency, <vitd> ng/mL.",), "replacement and repeat level."),
            Pattern({"ca": "#10.9-12.8"}, ("Hypercalcaemia, <ca> mg/dL.",), "parathyroid hormone."),
            Pattern({"alp": "#168-420"}, ("Raised alkaline phosphatase, <alp> U/L.",), "GGT to tell bone from liver."),
        ),
        "Normal bone profile.",
    ),
    Panel(
        "MISC",
        ("Health check panel", "Annual screening bloods", "Executive profile"),
        "Serum",
        ("psa", "cr", "amy", "glu", "tsh"),
        (
            Pattern({"psa": "#5.20-24.60"}, ("Raised PSA, <psa> ng/mL.",), "repeat PSA and urology referral."),
            Pattern({"amy": "#182-1460"}, ("Raised lipase, <amy> U/L.",), "clinical correlation for pancreatitis."),
            Pattern({"glu": "#126-228"}, ("Fasting glucose in the diabetic range, <glu> mg/dL.",), "HbA1c to confirm."),
        ),
        "Screening results within range.",
    ),
)
