# ruff: noqa: E501 - a template is easier to read on one line.
"""Facts for clinic letters: a problem with its history, signs and results, and how it is then assessed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One problem of an out-patient.

    Attributes:
        name: the problem; a letter holds each name once.
        history, examination, results: templates of what is reported; any may be empty.
        medication: templates of drugs with doses.
        concluded: templates of the items of the assessment; they say nothing that is not reported.
        advice: template of the advice.
        slots: what is drawn, in the notation of `medtui.demo.practice.grammar.draw`.
    """

    name: str
    history: tuple[str, ...]
    examination: tuple[str, ...]
    results: tuple[str, ...]
    medication: tuple[str, ...]
    concluded: tuple[str, ...]
    advice: str
    slots: Mapping[str, str]


PROBLEMS = (
    Problem(
        "diabetes",
        (
            "{Type 2 diabetes|T2DM|Known diabetic} for <years> years{, diet often missed|, checks sugars rarely|}.",
            "{No hypoglycaemia|Polyuria at night|Numb feet at times}.",
        ),
        ("{Feet: pulses present, monofilament normal|Monofilament sense reduced at both feet|Fundi not seen}.",),
        ("HbA1c <hba1c> %{, last year lower|}, fasting glucose <glucose> mg/dL.",),
        ("{Tab. |}metformin <dose> mg {BD|twice daily}",),
        ("Diabetes above target, HbA1c <hba1c> %.",),
        "{intensify treatment and repeat HbA1c|dietitian review and repeat HbA1c}.",
        {"years": "#2-24", "hba1c": "#7.8-11.9", "glucose": "#142-298", "dose": "500|850|1000"},
    ),
    Problem(
        "diabetes",
        ("{Type 2 diabetes|T2DM}, <years> years, {sugars at home good|walks daily|follows diet}.",),
        ("{Feet normal|No retinopathy at last screening}.",),
        ("HbA1c <hba1c> %.",),
        ("metformin <dose> mg {OD|once daily}",),
        ("Diabetes at target, HbA1c <hba1c> %.",),
        "continue metformin and yearly eye screening.",
        {"years": "#1-12", "hba1c": "#5.9-6.9", "dose": "500|1000"},
    ),
    Problem(
        "hypertension",
        ("{Hypertension|High BP|HTN} since <year>, {tablets missed on travel|no headaches|salt intake high}.",),
        ("BP <systolic>/<diastolic> mmHg{ seated, repeated|, both arms|}.",),
        ("{Creatinine <creatinine> mg/dL|Creat <creatinine> mg/dL}{, urine protein nil|}.",),
        ("amlodipine <dose> mg {OD|daily}",),
        ("Hypertension not controlled, BP <systolic>/<diastolic> mmHg.",),
        "{home blood pressure diary and review of treatment|salt restriction and blood pressure check}.",
        {
            "year": "2009|2012|2015|2017|2019",
            "systolic": "#148-186",
            "diastolic": "#90-106",
            "creatinine": "#0.8-1.3",
            "dose": "2.5|5|10",
        },
    ),
    Problem(
        "hypertension",
        ("{Hypertension|HTN}, {well on treatment|no dizziness, takes tablets regularly}.",),
        ("{BP|Blood pressure} <systolic>/<diastolic> mmHg.",),
        (),
        ("{telmisartan|losartan} <dose> mg {OD|in the morning}",),
        ("Hypertension controlled, BP <systolic>/<diastolic> mmHg.",),
        "continue present treatment.",
        {"systolic": "#112-134", "diastolic": "#68-82", "dose": "20|25|40|50"},
    ),
    Problem(
        "asthma",
        (
            "{Asthma|Bronchial asthma} since childhood, {wakes at night <nights> times a week|uses reliever <nights> times a week}.",
        ),
        ("{Scattered wheeze|Bilateral expiratory wheeze}, {SpO2|sats} <spo2> % {RA|on air}.",),
        ("Peak flow <pef> L/min{, best 480|, <share> % of best}.",),
        ("budesonide inhaler <dose> mcg {BD|two times daily}",),
        ("Asthma not controlled, peak flow <pef> L/min.",),
        "check inhaler technique and step up treatment.",
        {"nights": "2|3|4|5", "spo2": "#93-97", "pef": "#180-340", "share": "55|60|65|70", "dose": "100|200|400"},
    ),
    Problem(
        "COPD",
        (
            "{COPD|Chronic obstructive lung disease}, {smokes <packs> a day|stopped smoking in <year>}, breathless {on one flight of stairs|walking uphill|when dressing}.",
        ),
        ("{Hyperinflated chest, reduced breath sounds|Prolonged expiration, no wheeze}; sats <spo2> %.",),
        ("FEV1 <fev> % predicted.",),
        ("tiotropium 18 mcg {OD|daily}",),
        ("COPD, FEV1 <fev> % predicted.",),
        "{pulmonary rehabilitation and vaccination|smoking cessation and pulmonary rehabilitation}.",
        {"packs": "10 cigarettes|15 cigarettes|20 bidis", "year": "2011|2016|2020", "spo2": "#89-95", "fev": "#31-68"},
    ),
    Problem(
        "heart failure",
        (
            "{Heart failure|HFrEF|Ischaemic cardiomyopathy}; {orthopnoea with <pillows> pillows|ankle swelling worse in the evening}.",
        ),
        ("{JVP raised|Raised JVP}, {pitting oedema to the knees|basal crackles}, weight <weight> kg.",),
        ("{Echo: |}EF <ef> %, NT-proBNP <bnp> pg/mL.",),
        ("furosemide <dose> mg {OD|BD}",),
        ("Heart failure with fluid overload, EF <ef> %.",),
        "{adjust diuretic, daily weights and check potassium|fluid restriction and daily weights}.",
        {"pillows": "2|3", "weight": "#58-104", "ef": "#22-39", "bnp": "#980-6400", "dose": "20|40|80"},
    ),
    Problem(
        "atrial fibrillation",
        ("{Palpitations|Irregular heartbeat} {for <n> weeks|on and off}, {no syncope|mild dizziness}.",),
        ("Pulse <pulse>/min irregularly irregular.",),
        ("ECG: atrial fibrillation{, no ischaemia|}. {TSH normal|Thyroid normal}.",),
        ("bisoprolol <dose> mg {OD|in the morning}",),
        ("Atrial fibrillation, rate <pulse>/min.",),
        "stroke risk score and decision on anticoagulation.",
        {"n": "#2-9", "pulse": "#88-142", "dose": "1.25|2.5|5"},
    ),
    Problem(
        "chronic kidney disease",
        (
            "{CKD|Chronic kidney disease} from {diabetes|hypertension|stone disease}, {nocturia|no urinary symptoms|fatigue}.",
        ),
        ("{No oedema|Mild ankle oedema|Pallor present}.",),
        ("Creatinine <creatinine> mg/dL, eGFR <egfr>, potassium <k> mmol/L.",),
        ("sodium bicarbonate <dose> mg {TDS|three times daily}",),
        ("Chronic kidney disease, eGFR <egfr>, potassium <k> mmol/L.",),
        "avoid NSAIDs and repeat renal function.",
        {"creatinine": "#1.6-4.2", "egfr": "#16-52", "k": "#4.1-5.8", "dose": "500|1000"},
    ),
    Problem(
        "hypothyroidism",
        (
            "{Hypothyroid|Hypothyroidism} {after thyroiditis|since <year>}, {tired|constipated|hair loss|weight gain of <kg> kg}.",
        ),
        ("{Goitre not palpable|Dry skin, slow reflexes}.",),
        ("TSH <tsh> mIU/L.",),
        ("levothyroxine <dose> mcg {OD|before breakfast}",),
        ("Hypothyroidism undertreated, TSH <tsh> mIU/L.",),
        "check tablet timing and repeat TSH after the dose is changed.",
        {"year": "2010|2014|2018|2021", "kg": "#3-9", "tsh": "#6.2-28.4", "dose": "25|50|75|100"},
    ),
    Problem(
        "rheumatoid arthritis",
        ("{Rheumatoid arthritis|RA}, morning stiffness <minutes> minutes{, both hands|}.",),
        ("<swollen> swollen and <tender> tender joints{, no nodules|}.",),
        ("CRP <crp> mg/L{, ESR <esr> mm/h|}.",),
        ("methotrexate <dose> mg {once a week|weekly}",),
        ("Active rheumatoid arthritis, <swollen> swollen joints, CRP <crp> mg/L.",),
        "rheumatology review, monitor blood count and liver tests.",
        {
            "minutes": "30|45|60|90",
            "swollen": "#3-11",
            "tender": "#4-14",
            "crp": "#12-64",
            "esr": "#32-88",
            "dose": "7.5|10|15",
        },
    ),
    Problem(
        "knee osteoarthritis",
        ("{Knee pain|Pain in the <side> knee} {on stairs|after walking <n> minutes|x <n> months}, <side> side.",),
        ("<side> knee: {crepitus|varus deformity|bony swelling}, flexion <flexion> degrees.",),
        ("X-ray: {medial joint space narrowing|osteophytes}.",),
        ("paracetamol <dose> mg {TDS|as needed}",),
        ("Osteoarthritis of the <side> knee, flexion <flexion> degrees.",),
        "{weight loss and quadriceps exercises|physiotherapy; consider injection}.",
        {"side": "right|left", "n": "#5-30", "flexion": "85|90|95|100|110", "dose": "500|650|1000"},
    ),
    Problem(
        "migraine",
        (
            "{Throbbing|One-sided} headache <days> days a month with {nausea|photophobia|aura}, {since teens|worse with sleep loss}.",
        ),
        ("{Neurological examination normal|No focal deficit, fundi normal}.",),
        (),
        ("propranolol <dose> mg {BD|twice a day}",),
        ("Migraine, <days> days a month.",),
        "headache diary and preventive treatment.",
        {"days": "#3-14", "dose": "10|20|40"},
    ),
    Problem(
        "epilepsy",
        (
            "{Epilepsy|Seizure disorder}; {last seizure <n> weeks ago|<n> seizures since last visit}{, missed doses|, sleep deprived|}.",
        ),
        ("{No focal signs|Gait normal, no nystagmus}.",),
        ("{Valproate level|Drug level} <level> mg/L.",),
        ("sodium valproate <dose> mg {BD|twice daily}",),
        ("Epilepsy with breakthrough seizures, drug level <level> mg/L.",),
        "adherence counselling, no driving, neurology review.",
        {"n": "2|3|4|5", "level": "#28-49", "dose": "200|300|500"},
    ),
    Problem(
        "anaemia",
        ("{Fatigue|Easy tiredness} {for <n> months|with heavy periods|with poor diet}.",),
        ("{Pallor present|Conjunctival pallor}, {no icterus|koilonychia}.",),
        ("Hb <hb> g/dL, ferritin <ferritin> ng/mL.",),
        ("ferrous sulphate 200 mg {OD|BD}",),
        ("Iron deficiency anaemia, Hb <hb> g/dL, ferritin <ferritin> ng/mL.",),
        "look for blood loss and repeat blood count.",
        {"n": "#2-8", "hb": "#7.2-10.4", "ferritin": "#4-14"},
    ),
    Problem(
        "reflux",
        (
            "{Heartburn|Acid reflux|Burning epigastric pain} {for <n> months|after meals, worse lying down}{, no dysphagia|}.",
        ),
        ("{Abdomen soft, mild epigastric tenderness|Abdomen soft}.",),
        ("{H. pylori stool antigen|Stool H. pylori test} <result>.",),
        ("{pantoprazole|omeprazole} <dose> mg {before breakfast|OD}",),
        ("Gastro-oesophageal reflux, H. pylori <result>.",),
        "{meals early, head end raised|endoscopy if alarm features}.",
        {"n": "#2-18", "result": "negative|positive", "dose": "20|40"},
    ),
    Problem(
        "prostate",
        ("{Poor stream|Hesitancy|Nocturia <n> times}, symptom score <score>.",),
        ("{Prostate enlarged, smooth|DRE: enlarged smooth gland}.",),
        ("PSA <psa> ng/mL.",),
        ("tamsulosin 0.4 mg {HS|at night}",),
        ("Benign prostatic enlargement, score <score>, PSA <psa> ng/mL.",),
        "ultrasound with residual volume.",
        {"n": "2|3|4", "score": "#9-27", "psa": "#0.9-3.8"},
    ),
    Problem(
        "back pain",
        (
            "{Low back pain|Mechanical back pain|LBA} {x <n> weeks|for <n> weeks after lifting}{, no bladder symptoms|}.",
        ),
        ("Straight leg raise <slr> degrees on the <side>, {power normal|reflexes present}.",),
        (),
        ("{diclofenac 50|naproxen 250} mg {BD|after food}",),
        ("Low back pain, straight leg raise <slr> degrees on the <side>.",),
        "{stay active and physiotherapy|MRI if weakness appears}.",
        {"n": "#2-11", "slr": "40|50|60|70|80", "side": "right|left"},
    ),
    Problem(
        "psoriasis",
        ("{Scaly plaques|Itchy plaques} on {elbows and knees|scalp and trunk}, {worse in winter|no joint pain}.",),
        ("{Well-defined erythematous plaques|Silvery scales}, body surface <area> %{, nails pitted|}.",),
        (),
        ("{betamethasone 0.05 % ointment|calcipotriol ointment} {BD|at night}",),
        ("Plaque psoriasis, body surface <area> %.",),
        "emollients and dermatology review.",
        {"area": "#3-18"},
    ),
    Problem(
        "lipids",
        ("{Raised cholesterol|Dyslipidaemia}, {father had early coronary disease|smoker|no muscle pain}.",),
        ("{No xanthelasma|BMI <bmi>}.",),
        ("LDL <ldl> mg/dL, triglycerides <tg> mg/dL.",),
        ("atorvastatin <dose> mg {HS|at night}",),
        ("Dyslipidaemia, LDL <ldl> mg/dL.",),
        "diet, exercise and repeat lipid profile.",
        {"bmi": "#24-34", "ldl": "#132-214", "tg": "#156-384", "dose": "10|20|40"},
    ),
    Problem(
        "angina",
        (
            "{Chest tightness|Central chest pain} on {climbing stairs|walking <n> metres}, {relieved by rest|lasting <m> minutes}.",
        ),
        ("{Heart sounds normal|No murmur}, pulse <pulse>/min.",),
        ("{Treadmill test|Stress test} positive at <stage> minutes.",),
        ("isosorbide mononitrate <dose> mg {OD|BD}",),
        ("Stable angina, stress test positive at <stage> minutes.",),
        "coronary angiography to be discussed.",
        {"n": "100|200|300", "m": "5|10", "pulse": "#58-92", "stage": "#3-8", "dose": "20|30|60"},
    ),
    Problem(
        "vertigo",
        ("{Spinning|Vertigo} on turning in bed{ for <n> days|}, {no hearing loss|vomited once}.",),
        ("Dix-Hallpike positive on the <side>.",),
        (),
        ("betahistine <dose> mg {TDS|BD}",),
        ("Positional vertigo, <side> side.",),
        "repositioning manoeuvre and review.",
        {"n": "#2-14", "side": "right|left", "dose": "8|16"},
    ),
    Problem(
        "gout",
        ("{Sudden pain|Painful swelling} of the <side> big toe{ for <n> days|, third attack this year|}.",),
        ("<side> first toe joint red, hot and tender.",),
        ("Uric acid <urate> mg/dL.",),
        ("{colchicine 0.5|allopurinol 100} mg {OD|BD}",),
        ("Acute gout of the <side> big toe, uric acid <urate> mg/dL.",),
        "hydration, diet advice and repeat uric acid once settled.",
        {"side": "right|left", "n": "2|3|4", "urate": "#7.6-11.2"},
    ),
    Problem(
        "post-operative review",
        (
            "{Review after|Seen after} {laparoscopic cholecystectomy|hernia repair|appendicectomy} <n> weeks ago, {eating well|mild pain on movement}.",
        ),
        ("{Wound healed|Scar clean, no discharge}, abdomen soft.",),
        (),
        (),
        ("Good recovery <n> weeks after surgery.",),
        "no heavy lifting; open return if fever or discharge.",
        {"n": "2|3|4|6"},
    ),
)
