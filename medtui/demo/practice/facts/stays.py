# ruff: noqa: E501 - a template is easier to read on one line.
"""Facts for discharge summaries: what happened in a hospital stay, and how it is summed up."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Stay:
    """One reason for admission with its course.

    Attributes:
        diagnosis: template of the diagnosis.
        admitted, investigated, treated, followed: templates of the sentences of the course, in time order.
        concluded: templates of the items of the summary; they say nothing that the course does not say.
        advice: template of the advice.
        slots: what is drawn, in the notation of `medtui.demo.practice.grammar.draw`.
    """

    diagnosis: str
    admitted: str
    investigated: tuple[str, ...]
    treated: tuple[str, ...]
    followed: tuple[str, ...]
    concluded: tuple[str, ...]
    advice: str
    slots: Mapping[str, str]


_STAY = {"day": "2|3|4", "stay": "#4-11", "review": "2|3|4|6"}

STAYS = (
    Stay(
        "{Community-acquired pneumonia|Pneumonia}, <lobe>",
        "{Admitted with|Presented with} {fever and cough|productive cough and rigors}{ for <n> days|}, SpO2 <spo2> % on air.",
        ("{Chest film|CXR}: <lobe> consolidation.", "CRP <crp> mg/L on admission{, white cells <wcc> x10^9/L|}."),
        (
            "{Treated with|Given} {IV ceftriaxone|IV co-amoxiclav} for <days> days{, then oral|}.",
            "{Oxygen weaned by day <day>|Oxygen stopped on day <day>}.",
        ),
        ("CRP fell to <crp2> mg/L.", "{Afebrile at discharge|Walking on the ward without oxygen}."),
        (
            "<lobe> pneumonia, treated with intravenous antibiotics for <days> days.",
            "CRP fell from <crp> to <crp2> mg/L.",
        ),
        "repeat chest film at review in <review> weeks.",
        {
            **_STAY,
            "lobe": "right lower lobe|left lower lobe|right middle lobe",
            "n": "#2-7",
            "spo2": "#84-92",
            "crp": "#112-310",
            "crp2": "#8-44",
            "wcc": "#13-24",
            "days": "3|4|5|7",
        },
    ),
    Stay(
        "{Acute exacerbation of COPD|COPD exacerbation}",
        "{Came with|Admitted with} {worsening breathlessness|wheeze and green sputum}, sats <spo2> %.",
        ("{Blood gas|ABG}: pCO2 <co2> mmHg.",),
        (
            "{Nebulised bronchodilators|Salbutamol and ipratropium nebulisers} and prednisolone 40 mg for 5 days.",
            "{BiPAP|NIV} for <hours> hours.",
        ),
        ("pCO2 {came down to|settled at} <co3> mmHg.", "{Inhaler technique taught|Smoking cessation discussed}."),
        ("COPD exacerbation, non-invasive ventilation for <hours> hours.", "pCO2 fell from <co2> to <co3> mmHg."),
        "chest clinic in <review> weeks with spirometry.",
        {**_STAY, "spo2": "#78-88", "co2": "#56-78", "co3": "#42-50", "hours": "12|18|24|36"},
    ),
    Stay(
        "{Acute myocardial infarction|NSTEMI|STEMI}, <vessel>",
        "{Chest pain|Crushing chest pain} for <n> hours{ radiating to the left arm|, sweating|}.",
        ("Troponin <troponin> ng/L.", "{Angiogram|Coronary angiography}: <stenosis> % stenosis of the <vessel>."),
        (
            "{Stent placed|PCI with one stent} to the <vessel> on day 1.",
            "Aspirin 75 mg and {clopidogrel 75|ticagrelor 90} mg started.",
        ),
        ("{Echo|Echocardiogram}: EF <ef> %.", "{No further pain|No arrhythmia on telemetry}."),
        ("Myocardial infarction, stent to the <vessel>.", "EF <ef> % after the procedure."),
        "cardiac rehabilitation and cardiology review in <review> weeks.",
        {
            **_STAY,
            "vessel": "left anterior descending artery|right coronary artery|circumflex artery",
            "n": "#2-9",
            "troponin": "#240-4800",
            "stenosis": "80|85|90|95|99",
            "ef": "#36-55",
        },
    ),
    Stay(
        "{Decompensated heart failure|Acute heart failure}",
        "{Admitted with|Brought with} {leg swelling|orthopnoea} and weight {of|at} <w1> kg.",
        ("Creatinine <creatinine> mg/dL, NT-proBNP <bnp> pg/mL.",),
        ("{IV furosemide|Furosemide infusion} for <days> days.", "{Fluid limited to 1.5 L a day|Low salt diet}."),
        ("Weight at discharge <w2> kg.", "{Crackles cleared|Oedema resolved}."),
        ("Heart failure, diuresed for <days> days.", "Weight fell from <w1> to <w2> kg."),
        "daily weights and renal function at review in <review> weeks.",
        {**_STAY, "w1": "#78-98", "w2": "#66-76", "creatinine": "#0.9-1.9", "bnp": "#2100-9800", "days": "3|4|5|6"},
    ),
    Stay(
        "Cellulitis of the <side> leg",
        "{Red, hot, swollen|Painful redness of the} <side> leg for <n> days, {temperature <temp> C|febrile}.",
        ("White cells <wcc> x10^9/L{, blood culture no growth|}.",),
        ("{IV flucloxacillin|IV cefazolin|IV clindamycin} for <days> days.", "{Limb elevated|Margins marked daily}."),
        ("White cells {down to|fell to} <wcc2> x10^9/L.", "{Redness receded|Doppler showed no DVT}."),
        (
            "Cellulitis of the <side> leg, intravenous antibiotics for <days> days.",
            "White cells fell from <wcc> to <wcc2>.",
        ),
        "skin care and wound check in <review> weeks.",
        {
            **_STAY,
            "side": "right|left",
            "n": "#2-6",
            "temp": "#38.1-39.6",
            "wcc": "#13-23",
            "wcc2": "#5-10",
            "days": "3|4|5",
        },
    ),
    Stay(
        "Fracture neck of <side> femur",
        "{Fell at home|Slipped in the bathroom}; <side> leg short and rotated.",
        ("{X-ray|Pelvic film}: fracture of the neck of the <side> femur.", "Hb <hb> g/dL before surgery."),
        ("{Hemiarthroplasty|Hip hemiarthroplasty} on the <side>, day <day>.", "{One unit|Two units} of blood given."),
        ("{Post-op Hb|Hb after surgery} <hb2> g/dL.", "{Walking with frame|Mobile with two sticks}."),
        ("Hip fracture on the <side>, hemiarthroplasty on day <day>.", "Hb <hb2> g/dL after surgery."),
        "bone health treatment and fracture clinic in <review> weeks.",
        {**_STAY, "side": "right|left", "hb": "#10.8-13.2", "hb2": "#8.6-10.6"},
    ),
    Stay(
        "Acute appendicitis",
        "{Pain|Colicky pain} moving to the right iliac fossa for <n> hours, {vomiting|anorexia}.",
        ("{Ultrasound|CT}: appendix <size> mm{ with fluid|}.",),
        ("Laparoscopic appendicectomy on day 1.", "{Antibiotics|Cefuroxime and metronidazole} for <days> days."),
        ("{Drain removed on day <day>|No complication}.", "{Eating normally|Wounds clean}."),
        ("Appendicitis, laparoscopic appendicectomy on day 1.", "Antibiotics for <days> days."),
        "wound check in <review> weeks.",
        {**_STAY, "n": "#12-40", "size": "#9-15", "days": "2|3|5"},
    ),
    Stay(
        "Ischaemic stroke, <side> hemisphere",
        "{Sudden weakness|Acute hemiparesis}, NIHSS <nihss> on arrival{, within <hours> hours|}.",
        (
            "{CT|MRI}: infarct in the <side> {middle cerebral territory|hemisphere}.",
            "{ECG: sinus rhythm|Carotids without stenosis}.",
        ),
        ("{Aspirin 300 mg|Aspirin 150 mg} and {statin|atorvastatin 40 mg} started.", "Physiotherapy from day <day>."),
        ("NIHSS <nihss2> at discharge.", "{Swallow safe|Needs one helper to walk}."),
        ("Ischaemic stroke of the <side> hemisphere.", "NIHSS improved from <nihss> to <nihss2>."),
        "stroke clinic in <review> weeks, continue rehabilitation.",
        {**_STAY, "side": "right|left", "nihss": "#7-16", "nihss2": "#1-6", "hours": "2|3|4"},
    ),
    Stay(
        "Diabetic ketoacidosis",
        "{Vomiting|Drowsy and dehydrated}, glucose <glucose> mg/dL, ketones <ketones> mmol/L.",
        ("pH <ph>, potassium <k> mmol/L.",),
        (
            "{Insulin infusion|Fixed-rate insulin} and saline for <hours> hours.",
            "{Trigger: missed insulin|Trigger: urinary infection}.",
        ),
        (
            "{Moved to|Changed to} basal-bolus insulin on day <day>.",
            "{Sick-day rules taught|Diabetes nurse saw the patient}.",
        ),
        (
            "Diabetic ketoacidosis, pH <ph> on admission.",
            "Insulin infusion for <hours> hours, basal-bolus from day <day>.",
        ),
        "diabetes clinic in <review> weeks.",
        {
            **_STAY,
            "glucose": "#342-618",
            "ketones": "#3.4-6.8",
            "ph": "#7.02-7.24",
            "k": "#3.1-5.6",
            "hours": "18|24|30|36",
        },
    ),
    Stay(
        "{Urosepsis|Pyelonephritis}, <organism>",
        "{Fever with rigors|High fever and loin pain} for <n> days, BP <bp> mmHg systolic.",
        ("Urine culture grew <organism>.", "Lactate <lactate> mmol/L."),
        (
            "{IV ceftriaxone|IV meropenem|IV piperacillin-tazobactam} for <days> days.",
            "{Fluids as per sepsis bundle|2 L crystalloid in the first hours}.",
        ),
        (
            "Lactate {normalised to|fell to} <lactate2> mmol/L.",
            "{Afebrile from day <day>|Oral step-down on day <day>}.",
        ),
        (
            "Urosepsis with <organism>, antibiotics for <days> days.",
            "Lactate fell from <lactate> to <lactate2> mmol/L.",
        ),
        "urine culture and ultrasound at review in <review> weeks.",
        {
            **_STAY,
            "organism": "E. coli|Klebsiella|Proteus",
            "n": "#2-4",
            "bp": "#78-96",
            "lactate": "#2.6-5.2",
            "lactate2": "#0.8-1.6",
            "days": "5|7|10",
        },
    ),
    Stay(
        "{Dengue fever|Dengue with warning signs}",
        "{Fever|High-grade fever} and body ache for <n> days, {rash|retro-orbital pain|vomiting}.",
        ("NS1 antigen positive, platelets {nadir|lowest} <plt> x10^9/L.",),
        (
            "{IV fluids guided by haematocrit|Oral and IV fluids}.",
            "{No transfusion needed|Paracetamol 650 mg for fever}.",
        ),
        (
            "Platelets {recovered to|rose to} <plt2> x10^9/L by day <stay>.",
            "{No bleeding|No plasma leak on ultrasound}.",
        ),
        ("Dengue fever, managed with fluids.", "Platelets recovered from <plt> to <plt2> x10^9/L."),
        "repeat platelet count; return if bleeding occurs.",
        {**_STAY, "n": "3|4|5|6", "plt": "#12-48", "plt2": "#86-168"},
    ),
    Stay(
        "{Upper GI bleed|Haematemesis}, <source>",
        "{Vomited blood|Black stools} {twice|since <n> days}, Hb <hb> g/dL.",
        ("Endoscopy: <source>{, clipped|, injected|}.",),
        ("<units> units of red cells{ transfused|}.", "{Pantoprazole infusion|Omeprazole 40 mg IV} for <days> days."),
        ("Hb stable at <hb2> g/dL.", "{No rebleed|H. pylori treatment given}."),
        ("Upper GI bleed from <source>, <units> units transfused.", "Hb rose from <hb> to <hb2> g/dL."),
        "stop NSAIDs, blood count in <review> weeks.",
        {
            **_STAY,
            "source": "duodenal ulcer|gastric ulcer|oesophageal varices",
            "n": "2|3",
            "hb": "#5.6-7.9",
            "hb2": "#8.8-10.4",
            "units": "2|3|4",
            "days": "3",
        },
    ),
    Stay(
        "{Acute kidney injury|AKI}, {prerenal|obstructive}",
        "{Poor intake|Diarrhoea} for <n> days, urine output low, creatinine <cr> mg/dL.",
        ("Potassium <k> mmol/L, {ultrasound: no hydronephrosis|kidneys normal on ultrasound}.",),
        ("{IV saline|Ringer lactate} for <days> days; {ACE inhibitor|NSAID} stopped.",),
        ("Creatinine {improved to|came down to} <cr2> mg/dL.", "{Passing urine well|No dialysis needed}."),
        ("Acute kidney injury, treated with fluids for <days> days.", "Creatinine fell from <cr> to <cr2> mg/dL."),
        "repeat renal function in <review> weeks.",
        {**_STAY, "n": "3|4|5", "cr": "#2.4-6.2", "k": "#5.2-6.4", "cr2": "#0.9-1.6", "days": "2|3|4"},
    ),
    Stay(
        "{Gallstone pancreatitis|Acute pancreatitis}",
        "Epigastric pain {radiating to the back|with vomiting} for <n> hours, lipase <lipase> U/L.",
        ("{Ultrasound|USG}: gallstones{, CBD not dilated|}.",),
        (
            "{Fluids and analgesia|IV fluids, tramadol}, oral diet from day <day>.",
            "{Cholecystectomy planned|ERCP not needed}.",
        ),
        ("Lipase fell to <lipase2> U/L.", "{Pain free|Tolerating diet}."),
        ("Gallstone pancreatitis, diet resumed on day <day>.", "Lipase fell from <lipase> to <lipase2> U/L."),
        "surgical clinic in <review> weeks.",
        {**_STAY, "n": "#8-30", "lipase": "#680-3200", "lipase2": "#60-190"},
    ),
    Stay(
        "{Normal vaginal delivery|Caesarean section}, {uneventful|healthy baby}",
        "{Admitted in labour|Booked admission} at <weeks> weeks.",
        ("Hb <hb> g/dL before delivery.",),
        ("{Live baby|Baby} of <grams> g delivered{, Apgar 9 at 5 minutes|}.", "{Perineum intact|Suture line clean}."),
        ("Hb <hb2> g/dL on day <day>.", "{Breast feeding established|Lactation counselling done}."),
        ("Delivery at <weeks> weeks, baby <grams> g.", "Hb <hb2> g/dL after delivery."),
        "postnatal visit in <review> weeks, continue iron.",
        {**_STAY, "weeks": "#37-41", "hb": "#10.2-12.6", "hb2": "#8.9-10.1", "grams": "#2450-3890"},
    ),
    Stay(
        "{Acute severe asthma|Asthma attack}",
        "{Wheeze|Breathlessness} since {the night|<n> days}, peak flow <pef> L/min on arrival.",
        ("{Chest film clear|CXR: hyperinflation only}.",),
        ("{Salbutamol nebulisers|Nebulisers}, magnesium and prednisolone {40|30} mg for <days> days.",),
        ("Peak flow at discharge <pef2> L/min.", "{Action plan given|Spacer technique checked}."),
        ("Acute asthma, steroids for <days> days.", "Peak flow rose from <pef> to <pef2> L/min."),
        "asthma nurse in <review> weeks.",
        {**_STAY, "n": "2|3", "pef": "#110-190", "pef2": "#290-430", "days": "5|7"},
    ),
)
